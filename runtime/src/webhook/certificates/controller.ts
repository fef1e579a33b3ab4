// Keeps the certificates of webhooks, and tells kube-apiserver whom to trust; on the leader alone — shell
import { type Action, awaitChange, type Controller, type Shell } from '../../contract/types.ts'
import { wakeOn } from '../../contract/wake.ts'
import { deadline } from '../../controller/settle.ts'
import { type KubeSecret, secrets } from '../../kinds.ts'
import type { WebhookDeclaration } from '../declaration.ts'
import { carryOut } from './carry-out.ts'
import { type Decision, decide, type Timing } from './decide.ts'
import { bundleOf, type Found, findMaterial, type Material, printMaterial } from './material.ts'
import { authorityNameOf, dnsNamesOf, type Placement, watchedSecret } from './names.ts'
import { areReadable, type Injection, injections, wakesOfTrusting } from './trusting.ts'

export interface CertificateOptions extends Placement {
  readonly declaration: WebhookDeclaration
  /** Who made the Secret, in its label. */
  readonly maker: string
  readonly timing: Timing
}

/**
 * Whatever is missing is made: the Secret, and the authority in each object that is declared, whoever took it away.
 * All that a rotation has to know is in the Secret, so whoever leads next goes on with it.
 */
export function createCertificateController(options: CertificateOptions): Controller {
  const key = { namespace: options.namespace, name: options.declaration.secret }
  const keys = () => [key]
  let remembered: Material | undefined
  const remember = (found: Found): void => {
    if (found.kind === 'material' && found.isOurs) remembered = found.material
  }
  return {
    name: 'webhook-certificates',
    primary: secrets,
    wakes: [wakeOn(watchedSecret(options), keys), ...wakesOfTrusting(options.declaration, keys)],
    listen: wake => wake(key), // nothing that is there yet would
    reconcile: async (_key, shell) => {
      const observed = observe(options, shell)
      remember(observed.found)
      return keep({ ...options, remember }, { ...observed, remembered }, shell)
    },
  }
}

interface Observed {
  readonly live: KubeSecret | undefined
  readonly found: Found
  /** What is missing of what is found. */
  readonly missing: readonly Injection[]
  readonly remembered?: Material | undefined
}

function observe(options: CertificateOptions, shell: Shell): Observed {
  const { declaration, namespace, maker } = options
  const live = shell.read.get(secrets, { namespace, name: declaration.secret })
  const found = findMaterial(live, maker)
  return { live, found, missing: found.kind === 'material' ? missingOf(options, found.material, shell) : [] }
}

function missingOf({ declaration }: CertificateOptions, { trusted }: Material, { read }: Shell): readonly Injection[] {
  if (trusted.length === 0) return [] // others' Secret does not say whom to trust: whoever made it does
  return injections(declaration, { bundle: bundleOf(trusted), authorityName: authorityNameOf(declaration) }, read)
}

interface Keeping extends CertificateOptions {
  readonly remember: (found: Found) => void
}

async function keep(options: Keeping, observed: Observed, shell: Shell): Promise<Action> {
  const { declaration, timing } = options
  const { found, live, missing, remembered } = observed
  const now = shell.now()
  const dnsNames = dnsNamesOf(options)
  const isInjected = missing.length === 0 && areReadable(shell.read)
  const decision = decide({ found, remembered, isInjected, dnsNames, now }, timing)
  sayWhatIsWrong(decision, found, shell)

  const made = await carryOut(decision, { dnsNames, authorityName: authorityNameOf(declaration), timing, now })
  const stored = made && (await store(options, { made, live, decision }, shell))
  for (const { type, object, patch } of stored ? missingOf(options, stored, shell) : missing) {
    await shell.patch(type, object, { operations: patch })
    shell.log.info({ [type.kind]: object.metadata.name }, 'Authority of the webhooks injected')
  }
  // what was written wakes: the next pass decides on it
  return deadline(awaitChange, now, decision.kind === 'keep' ? decision.until : undefined)
}

function sayWhatIsWrong(decision: Decision, found: Found, { log }: Shell): void {
  if (decision.kind === 'leave') {
    log.error({ fault: decision.fault }, 'Webhook certificates of others cannot be used, they are left alone')
  } else if (found.kind === 'fault') {
    log.error({ fault: found.fault }, 'Webhook certificates cannot be used, they are made anew')
  }
}

interface Storing {
  readonly made: Material
  readonly live: KubeSecret | undefined
  readonly decision: Decision
}

/** What is stored then: where somebody was quicker, that is theirs, and the next pass decides on it. */
async function store(options: Keeping, { made, live, decision }: Storing, shell: Shell): Promise<Material | undefined> {
  const { declaration, namespace, maker } = options
  const secret = printMaterial({ namespace, name: declaration.secret }, made, { maker, ...(live && { live }) })
  const stored = await (live ? shell.renew(secrets, secret) : shell.mint(secrets, secret))
  shell.log.info({ decision: decision.kind }, 'Webhook certificates written')
  const found = findMaterial(stored, maker)
  options.remember(found) // replicas may serve it, and it may be gone before we are told that it is there
  return found.kind === 'material' ? found.material : undefined
}
