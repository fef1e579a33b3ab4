// The spec shared by K0sWorkerConfig and its Template — core
import { choice, flag, listMapOf, listOf, optional, record, text } from '../schema/fields.ts'
import { copiedMetadata, objectName } from '../schema/shared-fields.ts'

const keyRef = (description: string) =>
  record(
    {
      name: objectName('name is the name of the object, in the namespace of the config.'),
      key: text({ description: 'key is the key in the object.', minLength: 1, maxLength: 253 }),
    },
    { description },
  )

const source = (description: string) =>
  record(
    {
      secretRef: optional(keyRef('secretRef selects a key of a Secret.')),
      configMapRef: optional(keyRef('configMapRef selects a key of a ConfigMap.')),
    },
    {
      description,
      rules: [
        {
          rule: 'has(self.secretRef) != has(self.configMapRef)',
          message: 'give exactly one of secretRef and configMapRef',
          isMet: (self: object) => 'secretRef' in self !== 'configMapRef' in self,
        },
      ],
    },
  )

const file = record(
  {
    path: text({ description: 'path is the path of the file on the machine.', minLength: 1, maxLength: 4096 }),
    content: optional(text({ description: 'content is the content of the file.', maxLength: 524288 })),
    permissions: optional(
      text({
        description: 'permissions are the octal mode of the file, such as 0644.',
        maxLength: 16,
        rules: [{ rule: "self.matches('^(0?[0-7]{3,4})?$')", message: 'must be octal, such as 0644' }],
      }),
    ),
    contentFrom: optional(
      source(
        'contentFrom takes the content from a Secret or ConfigMap; Secrets of the types cluster.x-k8s.io/secret and bootstrap.kubernetes.io/token are refused, and those named as the keys of a cluster are.',
      ),
    ),
  },
  {
    description: 'A file.',
    rules: [
      {
        rule: "has(self.contentFrom) ? !has(self.content) || self.content == '' : has(self.content)",
        message: 'give exactly one of content and contentFrom',
      },
    ],
  },
)

const ignition = record(
  {
    variant: choice(['fcos', 'flatcar', 'openshift', 'r4e', 'fiot'], { description: 'variant is the Butane variant.' }),
    version: text({
      description: 'version is the version of the Butane variant, such as 1.1.0.',
      minLength: 1,
      maxLength: 32,
    }),
    additionalConfig: optional(
      text({
        description: 'additionalConfig is a Butane document that is merged into the generated one.',
        maxLength: 65536,
      }),
    ),
  },
  { description: 'ignition configures the bootstrap data when type is ignition.' },
)

const provisioner = record(
  {
    type: optional(
      choice(['cloud-config', 'ignition', 'powershell', 'powershell-xml'], {
        description: 'type is the format of the bootstrap data; defaults to cloud-config.',
      }),
    ),
    platform: optional(
      choice(['linux', 'windows'], {
        description: 'platform is the operating system of the machine; defaults to linux.',
      }),
    ),
    ignition: optional(ignition),
    customUserDataRef: optional(
      source('customUserDataRef selects user data of your own, which is merged into the generated user data.'),
    ),
  },
  { description: 'provisioner describes the program that reads the bootstrap data on the machine.' },
)

const commands = (description: string) =>
  optional(listOf(text({ description: 'A shell command.', maxLength: 65536 }), { description }))

const failure = [
  'The first command that fails ends the bootstrap, and the machine reports no success. A command of several lines fails when its last line does, or with set -e when any does.',
  'A command that begins with - may fail; it runs in its own shell.',
  'After a reboot in the middle, commands that succeeded do not run again; one that was interrupted or that failed does.',
].join(' ')

/** The fields of K0sWorkerConfig; absent means the effective value that the description names. */
export const workerFields = {
  provisioner: optional(provisioner),
  k0sInstallDir: optional(
    text({
      description: 'k0sInstallDir is the directory of the k0s binary; defaults to /usr/local/bin, also when empty.',
      maxLength: 4096,
    }),
  ),
  version: optional(
    text({
      description: 'version is the k0s version, such as v1.36.3+k0s.1; defaults to the version of the Machine.',
      maxLength: 64,
      rules: [{ rule: "!self.contains('-k0s.')", message: 'write the suffix with a plus sign: v1.36.3+k0s.1' }],
    }),
  ),
  useSystemHostname: optional(
    flag({
      description:
        'useSystemHostname names the node after the host name of the machine; otherwise the node is named after its Machine.',
    }),
  ),
  files: optional(
    listMapOf(['path'], file, {
      description: 'files are written before the commands run. No two may have the same path.',
      maxItems: 500,
    }),
  ),
  args: optional(
    listOf(text({ description: 'A flag such as --taints=key=value:NoSchedule.', maxLength: 4096 }), {
      description:
        'args are additional flags of the command k0s worker. Only %{hostname} and %{instance-id} are expanded, by the machine.',
    }),
  ),
  preK0sCommands: commands(`preK0sCommands run before k0s is installed. ${failure}`),
  postK0sCommands: commands(`postK0sCommands run after k0s was started. ${failure}`),
  preInstalledK0s: optional(
    flag({ description: 'preInstalledK0s says that the machine already has k0s, so that nothing is downloaded.' }),
  ),
  downloadURL: optional(
    text({
      description:
        'downloadURL is the URL of the k0s binary (http, https, oci); defaults to https://get.k0s.sh, also when empty.',
      maxLength: 2048,
      rules: [
        {
          rule: "self == '' || self.matches('^(https?|oci)://[^\\\\s\\\\p{Cc}/]+(/[^\\\\s\\\\p{Cc}]*)?$')",
          message: 'must be an http, https or oci URL without blanks and control characters',
        },
      ],
    }),
  ),
  secretMetadata: optional(copiedMetadata('secretMetadata is added to the metadata of the bootstrap data Secret.')),
  workingDir: optional(
    text({
      description:
        'workingDir is the directory of generated files such as the join token; defaults to /etc, also when empty.',
      maxLength: 4096,
    }),
  ),
}
