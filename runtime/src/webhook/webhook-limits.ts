// How much webhooks take from whoever asks — core
import type { Limit } from '../limits.ts'

const mebibyte = 1_048_576

export type WebhookLimitName =
  | 'webhookBytes'
  | 'webhookValues'
  | 'webhookHandedOn'
  | 'webhookUnfinishedBytes'
  | 'webhookPatienceMilliseconds'
  | 'webhookConnections'
  | 'webhookDepth'

export const webhookLimits: Readonly<Record<WebhookLimitName, Limit>> = {
  webhookBytes: {
    value: 12 * mebibyte,
    unit: 'bytes',
    what: 'One review that is sent to a webhook',
    why: 'It has an object as it is and as it is to be, each of 3 MiB at most, and JSON writes some of it longer',
    beyond: 'The webhook answers 413; the failure policy says what becomes of the request',
    shown: 'The answer of the API server; metric `controller_runtime_webhook_requests_total`',
  },
  webhookValues: {
    value: 400_000,
    unit: 'count',
    what: 'Values in one review; what only has to be handed on to another version as it came, such as a `k0sConfig`, is not counted',
    why: 'Ten million bytes of empty lists would take a hundred times as much memory',
    beyond: 'As above',
    shown: 'As above',
  },
  webhookHandedOn: {
    value: 100_000,
    unit: 'count',
    what: 'Such objects and lists in one review, each counted as one; an object of ours has seven at most',
    why: 'Where each of them is has to be remembered, and whoever reaches the port can send millions',
    beyond: 'As above',
    shown: 'As above',
  },
  webhookUnfinishedBytes: {
    value: 32 * mebibyte,
    unit: 'bytes',
    what: 'All reviews together of which not everything has come yet, and all answers that are not fetched, small ones not counted',
    why: 'Whoever reaches the port can send many at once',
    beyond: 'As above, but for what the next line says',
    shown: 'As above',
  },
  webhookPatienceMilliseconds: {
    value: 2_000,
    unit: 'milliseconds',
    what: 'A review that is coming, or an answer that is being fetched, while there is no room for others',
    why: 'Whoever reaches the port could keep the room full; what kube-apiserver sends is there at once, but for the time that other large reviews take',
    beyond: 'Those that are at it for longest are broken off, as many as have to be',
    shown: 'Metric `controller_runtime_webhook_requests_total`, code 499',
  },
  webhookConnections: {
    value: 1_000,
    unit: 'count',
    what: 'Connections to the webhooks of one manager',
    why: 'Whoever reaches the port can open many; a kube-apiserver needs one for each request that it waits for',
    beyond: 'The next connection is closed, and so are those on which nobody asks; one more try succeeds',
    shown: 'The answer of the API server',
  },
  webhookDepth: {
    value: 10_000,
    unit: 'count',
    what: 'Values within values in fields of a review that are handed on as they came, with those around them; in others as many as in one object',
    why: 'kube-apiserver reads no answer with more, and one object that cannot be read keeps everybody from listing',
    beyond: 'In v1beta1 the object comes without the field, and writes are refused',
    shown: 'The annotation `k0smotron.io/conversion-data` says `too-large`',
  },
}
