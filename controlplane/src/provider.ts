// The control plane provider — shell
import { conversion, isOfItsKind, watchFilterLabel } from '@k0smotron-ts/api'
import { version } from '@k0smotron-ts/runtime'
import type { Provider } from '@k0smotron-ts/runtime/shell'
import { admissionRules } from './admission/admission.ts'
import { createClusterController } from './controllers/cluster/controller.ts'
import { createJoinTokenRequestController } from './controllers/jointokenrequest/controller.ts'
import { createControlPlaneController } from './controllers/k0smotroncontrolplane/controller.ts'
import { fieldManager } from './hosted/identity.ts'
import { controlPlaneGauges } from './hosted/report/metrics.ts'
import { webhooks } from './webhooks.ts'

const userAgent = `${fieldManager}/${version}`

/** The kinds for use without Cluster API alone. */
const standalone = 'standalone'

export const controlPlaneProvider: Provider = {
  name: 'control-plane',
  subsets: [standalone],
  fieldManager,
  controllers: parts => {
    const hosted = { ...parts, userAgent, controlPlaneMetrics: parts.metrics.objects(controlPlaneGauges) }
    return [
      ...(parts.flags.enableController === standalone ? [] : [createControlPlaneController(hosted)]),
      createClusterController(hosted),
      createJoinTokenRequestController(parts, userAgent),
    ]
  },
  watchFilterLabel,
  webhooks: { declaration: webhooks, rules: { admission: admissionRules, isOfItsKind, conversion } },
}
