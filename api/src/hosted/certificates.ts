// How long the leaf certificates of a hosted control plane live — core
import { durationRule, parseDuration } from '../k0smotron/duration.ts'
import { optional, type Rule, record, text } from '../schema/fields.ts'

/** Set by a user, whatever its value: leaf certificates are made anew, then it is taken off. k0smotron's own name. */
export const renewCertificatesAnnotation = 'k0smotron.io/renew-certificates'

interface Certificates {
  readonly duration?: string
  readonly renewBefore?: string
}

const hour = 3_600_000

/** The life of a leaf, unless its authority ends before. */
export const defaultDuration = '8760h'

const isLongEnough: Rule = {
  rule: "!has(self.duration) || duration(self.duration) >= duration('1h')",
  message: 'must be 1h or more',
  fieldPath: '.duration',
  isMet: ({ duration }: Certificates) => duration === undefined || millisecondsOf(duration) >= hour,
}

const isShorter: Rule = {
  rule: `!has(self.renewBefore) || duration(self.renewBefore) < duration(has(self.duration) ? self.duration : '${defaultDuration}')`,
  message: 'must be shorter than duration',
  fieldPath: '.renewBefore',
  isMet: ({ duration = defaultDuration, renewBefore }: Certificates) =>
    renewBefore === undefined || millisecondsOf(renewBefore) < millisecondsOf(duration),
}

const isDuration: Rule = {
  ...durationRule,
  message: 'must be a duration such as 720h or 8760h',
  isMet: (self: string) => parseDuration(self) !== undefined,
}

function millisecondsOf(duration: string): number {
  return parseDuration(duration) ?? 0
}

export const certificates = record(
  {
    duration: optional(
      text({
        description: `duration is how long a leaf certificate is good that is made from now on; defaults to ${defaultDuration}. None outlives its authority.`,
        maxLength: 32,
        rules: [isDuration],
      }),
    ),
    renewBefore: optional(
      text({
        description:
          'renewBefore is how long before its end a leaf certificate is renewed, in the last nine tenths of its life; defaults to a third of its life.',
        maxLength: 32,
        rules: [isDuration],
      }),
    ),
  },
  {
    description:
      'certificates configures the leaf certificates that are made for the datastore; authorities are not renewed.',
    rules: [isLongEnough, isShorter],
  },
)
