// How much of anything that comes from outside is taken; docs/limits.md is generated from this — core
import { type QueueLimitName, queueLimits } from './queue/queue-limits.ts'
import { type ReportLimitName, reportLimits } from './report-limits.ts'
import { type ScheduleLimitName, scheduleLimits } from './schedule-limits.ts'
import { type WebhookLimitName, webhookLimits } from './webhook/webhook-limits.ts'
import { type WorkloadLimitName, workloadLimits } from './workload/workload-limits.ts'

export interface Limit {
  readonly value: number
  readonly unit: 'bytes' | 'milliseconds' | 'count'
  readonly what: string
  readonly why: string
  /** What happens beyond it. */
  readonly beyond: string
  /** Where somebody can see that. */
  readonly shown: string
}

const mebibyte = 1_048_576

export type LimitName =
  | QueueLimitName
  | ReportLimitName
  | ScheduleLimitName
  | WebhookLimitName
  | WorkloadLimitName
  | 'objectBytes'
  | 'objectValues'
  | 'objectDepth'
  | 'skippedBytes'
  | 'textBytes'
  | 'hints'
  | 'pageBytes'
  | 'pageObjects'
  | 'pagesPerList'
  | 'listMilliseconds'
  | 'configReferences'
  | 'configWatches'
  | 'namedWatchesOfNamespace'
  | 'namedWatches'
  | 'lookAgainMilliseconds'
  | 'bootstrapDataBytes'
  | 'largeObjectBytes'
  | 'largeObjectsOfNamespaceBytes'
  | 'largeObjectsBytes'
  | 'rememberedBytes'
  | 'smallNamespaceBytes'
  | 'reservedBytes'
  | 'shippedMemoryBytes'
  | 'errorLines'
  | 'connectMilliseconds'
  | 'pingMilliseconds'
  | 'deadMilliseconds'
  | 'silenceMilliseconds'

export const limits: Readonly<Record<LimitName, Limit>> = {
  objectBytes: {
    value: 10 * mebibyte,
    unit: 'bytes',
    what: 'One object as JSON: the answer to a read or write, an item of a list, a line of a watch',
    why: 'etcd takes 1.5 MiB in one request, and JSON needs up to six bytes for one of them',
    beyond: 'A list or a watch goes on without the object; a read or write fails',
    shown: 'Log `Object left out`, with the name if it could be read; the condition of who asked for it',
  },
  objectValues: {
    value: 200_000,
    unit: 'count',
    what: 'Values in one object',
    why: 'Ten million bytes of empty lists would take a hundred times as much memory',
    beyond: 'As above',
    shown: 'As above',
  },
  objectDepth: {
    value: 500,
    unit: 'count',
    what: 'Values within values in one object',
    why: 'Whoever walks through an object needs a call for each level',
    beyond: 'As above',
    shown: 'As above',
  },
  skippedBytes: {
    value: 64 * mebibyte,
    unit: 'bytes',
    what: 'Bytes of one object or line that are skipped because it is too large',
    why: 'A server that never ends a line would be read for ever',
    beyond: 'The list or watch is broken off and begun anew, with growing pauses',
    shown: 'Log `Lost sight of objects`',
  },
  textBytes: {
    value: 65_536,
    unit: 'bytes',
    what: 'The text of a refusal, and of an answer to `/readyz` or `/version`, or of a member of etcd',
    why: 'Nobody reads more of it',
    beyond: 'The text counts as absent, the HTTP status as the answer',
    shown: 'The condition of who asked',
  },
  hints: {
    value: 10,
    unit: 'count',
    what: 'Answers of 1xx, which say that an answer will come',
    why: 'A server that sends them without end keeps a manager busy for as long as it is listened to',
    beyond: 'The request fails as one without an answer',
    shown: 'The condition of who asked',
  },
  pageBytes: {
    value: 16 * mebibyte,
    unit: 'bytes',
    what: 'One page of a list; objects are read one at a time, so this does not have to fit into memory',
    why: 'The API server makes a page as a whole',
    beyond: 'The page is asked for again with fewer objects, down to one',
    shown: 'Log `Lost sight of objects`, only if one object alone is too much',
  },
  pageObjects: {
    value: 250,
    unit: 'count',
    what: 'Objects asked for in one page of a list',
    why: 'A page of ordinary objects is a megabyte',
    beyond: 'The next page is asked for',
    shown: 'Nowhere',
  },
  pagesPerList: {
    value: 5_000,
    unit: 'count',
    what: 'Pages of one list',
    why: 'A server that always has one more page would be asked for ever',
    beyond: 'The list is broken off and begun anew, with growing pauses',
    shown: 'Log `Lost sight of objects`',
  },
  listMilliseconds: {
    value: 600_000,
    unit: 'milliseconds',
    what: 'One whole list',
    why: 'A server that sends a byte a second would hold a list up for ever',
    beyond: 'The list is broken off and begun anew, with growing pauses',
    shown: 'Log `Lost sight of objects`',
  },
  configReferences: {
    value: 100,
    unit: 'count',
    what: 'Entries with `contentFrom` in one K0sWorkerConfig',
    why: 'Each of them is read, and may be watched',
    beyond: 'No bootstrap data is made',
    shown: 'Condition `DataSecretAvailable`, reason `InvalidSpec`',
  },
  configWatches: {
    value: 32,
    unit: 'count',
    what: 'Objects that are watched by name for one K0sWorkerConfig',
    why: 'Each is a stream for kube-apiserver and an object in memory',
    beyond: 'What is there is read without a watch; of what is missing so many are watched',
    shown: 'Nowhere',
  },
  ...scheduleLimits,
  namedWatchesOfNamespace: {
    value: 256,
    unit: 'count',
    what: 'Objects of one namespace that are watched by name: those that specs refer to, and infrastructure objects',
    why: 'One tenant must not take the watches of all',
    beyond: 'They are read in each pass, and whoever refers to them looks again in turn',
    shown: 'Log `Looking again in turn`',
  },
  namedWatches: {
    value: 1_024,
    unit: 'count',
    what: 'The same in all namespaces together',
    why: 'Each takes 25 KiB of memory, and 2,400 ended a manager',
    beyond: 'As above',
    shown: 'As above',
  },
  lookAgainMilliseconds: {
    value: 250,
    unit: 'milliseconds',
    what: 'Between two that look again, namespaces in turn',
    why: 'Each costs a pass and its reads',
    beyond: 'The next one looks again',
    shown: 'Nowhere',
  },
  bootstrapDataBytes: {
    value: mebibyte,
    unit: 'bytes',
    what: 'Bootstrap data of one machine',
    why: 'A Secret holds no more',
    beyond: 'Reading contents stops there, and no data is made',
    shown: 'Condition `DataSecretAvailable`, reason `DataTooLarge`, with the largest parts',
  },
  ...queueLimits,
  ...workloadLimits,
  largeObjectBytes: {
    value: 65_536,
    unit: 'bytes',
    what: 'What is remembered of one object; beyond it the object counts as large',
    why: 'Ordinary objects take a few KiB',
    beyond: 'The object takes from the two shares below',
    shown: 'Nowhere',
  },
  largeObjectsOfNamespaceBytes: {
    value: 8 * mebibyte,
    unit: 'bytes',
    what: 'What is remembered of the large objects of one namespace',
    why: 'Large objects of one tenant must not take the memory of all',
    beyond:
      'The object is read by name whenever a pass needs it, and not found by what it refers to; small objects are not concerned',
    shown: 'Log `Object left out`, with the name; an Event `TooLarge` on a control plane or worker config',
  },
  largeObjectsBytes: {
    value: 64 * mebibyte,
    unit: 'bytes',
    what: 'The same for all namespaces together',
    why: 'One tenant may have many namespaces',
    beyond: 'As above',
    shown: 'As above',
  },
  rememberedBytes: {
    value: 96 * mebibyte,
    unit: 'bytes',
    what: 'What is remembered of all objects together',
    why: 'Many small objects take as much memory as few large ones',
    beyond:
      'As for large ones. A fleet that comes here needs a container with more memory: with twice of it, this is twice as much',
    shown: 'As above; metric `nodejs_external_memory_bytes`',
  },
  smallNamespaceBytes: {
    value: mebibyte,
    unit: 'bytes',
    what: 'What is remembered of the objects of a small namespace',
    why: 'Large namespaces must not take the memory of small ones',
    beyond: 'The namespace is none of the small ones',
    shown: 'Nowhere',
  },
  reservedBytes: {
    value: 32 * mebibyte,
    unit: 'bytes',
    what: 'What small namespaces may take beyond the bound for all objects',
    why: 'As above',
    beyond: 'As above',
    shown: 'As above',
  },
  shippedMemoryBytes: {
    value: 256 * mebibyte,
    unit: 'bytes',
    what: 'Memory limit of a container as shipped, for which these bounds are meant',
    why: 'The heap takes a quarter of it',
    beyond: 'The bound for all objects and what small namespaces may take beyond it grow with it',
    shown: 'Metric `process_memory_limit_bytes`',
  },
  errorLines: {
    value: 20,
    unit: 'count',
    what: 'Lines of the log in a minute that say the same about objects of one cluster, or about reviews',
    why: 'A server may send thousands of objects a second that are left out, and whoever reaches a webhook what is none',
    beyond: 'They are counted',
    shown: 'Field `unsaid` of the next line that says the same',
  },
  connectMilliseconds: {
    value: 30_000,
    unit: 'milliseconds',
    what: 'Opening a connection, and the answer of a proxy',
    why: 'Kubernetes clients in Go wait as long',
    beyond: 'The request fails, and is made again with growing pauses',
    shown: 'The condition of who asked; log `Lost sight of objects`',
  },
  pingMilliseconds: {
    value: 15_000,
    unit: 'milliseconds',
    what: 'Between two pings over an HTTP/2 connection',
    why: 'A network on the way may forget a quiet connection, or lose it without a word',
    beyond: 'The next ping is sent',
    shown: 'Nowhere',
  },
  deadMilliseconds: {
    value: 45_000,
    unit: 'milliseconds',
    what: 'No byte over an HTTP/2 connection, not even the answer to a ping',
    why: 'Whoever waits for a dead connection sees nothing meanwhile; Kubernetes clients in Go wait as long',
    beyond: 'The connection is closed, and what was under way goes on over a new one',
    shown: 'Log `Lost sight of objects`',
  },
  silenceMilliseconds: {
    value: 180_000,
    unit: 'milliseconds',
    what: 'No line from a watch; half an hour if it is one of Events, of which no bookmarks come',
    why: 'kube-apiserver sends a bookmark each minute',
    beyond: 'The watch goes on over a new connection, and so does every other one over the old connection',
    shown: 'Nowhere if the new watch begins well',
  },
  ...reportLimits,
  ...webhookLimits,
}
