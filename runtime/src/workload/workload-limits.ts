// How much of anything is taken that comes from workload clusters — core
import type { Limit } from '../limits.ts'

const mebibyte = 1_048_576

export type WorkloadLimitName =
  | 'workloadLookupMilliseconds'
  | 'workloadConnectMilliseconds'
  | 'workloadSilenceMilliseconds'
  | 'workloadPassMilliseconds'
  | 'workloadObjectBytes'
  | 'workloadObjectValues'
  | 'workloadUnfinishedBytes'
  | 'workloadSkippedBytes'
  | 'workloadWatchBytes'
  | 'workloadWatchesBytes'
  | 'workloadRestMilliseconds'
  | 'workloadReadBytes'
  | 'workloadReadBurstBytes'
  | 'workloadReadTurnBytes'
  | 'workloadReadObjectBytes'
  | 'workloadReadMarkBytes'
  | 'workloadPasses'
  | 'workloadPassesOfNamespace'
  | 'workloadPassesOfAll'
  | 'workloadPassesUnproven'
  | 'workloadQuickMilliseconds'
  | 'workloadDistrustMilliseconds'
  | 'workloadQuestionMilliseconds'
  | 'workloadFailures'
  | 'workloadRetryAfterMilliseconds'

export const workloadLimits: Readonly<Record<WorkloadLimitName, Limit>> = {
  workloadLookupMilliseconds: {
    value: 3_000,
    unit: 'milliseconds',
    what: 'Looking up the host name of a workload API; each lookup is on its own',
    why: 'A tenant chooses the name, and whose DNS is silent must not hold up the lookups of others',
    beyond: 'Nobody is connected to; behind a proxy, the proxy is given the name',
    shown: 'As two lines below',
  },
  workloadConnectMilliseconds: {
    value: 5_000,
    unit: 'milliseconds',
    what: 'Opening a connection to a workload API, the answer of a proxy too',
    why: 'Who accepts a connection and says nothing would hold up a request for as long as any connection may take',
    beyond: 'As below',
    shown: 'As below',
  },
  workloadSilenceMilliseconds: {
    value: 5_000,
    unit: 'milliseconds',
    what: 'Silence of a workload API within a request',
    why: 'Who waits for one cluster holds up those of other tenants',
    beyond: 'The cluster counts as unreachable, and is asked again after 1 to 30 s',
    shown: 'The conditions of what waits for the cluster',
  },
  workloadPassMilliseconds: {
    value: 5_000,
    unit: 'milliseconds',
    what: 'All requests of one pass to one workload API together; nothing is sent twice',
    why: 'As above',
    beyond: 'As above',
    shown: 'As above',
  },
  workloadObjectBytes: {
    value: 2 * mebibyte,
    unit: 'bytes',
    what: 'One object as JSON from a workload API',
    why: 'Many of these servers may send large ones at a time',
    beyond: 'As for one object of the management cluster',
    shown: 'As there',
  },
  workloadObjectValues: {
    value: 20_000,
    unit: 'count',
    what: 'Values in one object from a workload API',
    why: 'As above',
    beyond: 'As above',
    shown: 'As above',
  },
  workloadUnfinishedBytes: {
    value: 32 * mebibyte,
    unit: 'bytes',
    what: 'Objects of more than 64 KiB from all workload APIs together, until their last byte came',
    why: 'Each of many servers may begin an object and not end it',
    beyond: 'What finds no room counts as too large',
    shown: 'As above',
  },
  workloadSkippedBytes: {
    value: 8 * mebibyte,
    unit: 'bytes',
    what: 'One page of a list, or one line of a watch, from a workload API',
    why: 'Looking for the end of what never ends takes a second for 16 MiB of small values',
    beyond:
      'A page is asked for again with fewer objects, down to one; then the list or watch is begun anew, with growing pauses',
    shown: 'Log `Lost sight of objects`',
  },
  workloadWatchBytes: {
    value: 16 * mebibyte,
    unit: 'bytes',
    what: 'What is remembered of the nodes of one workload cluster, or of its bootstrap tokens: three times their bytes and 1 KiB each, enough for 8,000 nodes',
    why: 'A server may send more and more small objects',
    beyond: 'They are not watched, and all of them are forgotten',
    shown: 'Log `Ending a watch that remembers too much`; condition `Joinable`, reason `TooManyObjects`',
  },
  workloadWatchesBytes: {
    value: 32 * mebibyte,
    unit: 'bytes',
    what: 'The same for all workload clusters together',
    why: 'As above',
    beyond: 'As above, for the cluster that takes most in the namespace that takes most',
    shown: 'As above',
  },
  workloadRestMilliseconds: {
    value: 600_000,
    unit: 'milliseconds',
    what: 'For how long a workload cluster that had too many objects is not watched',
    why: 'Reading them again costs as much as before',
    beyond: 'They are listed again',
    shown: 'As above',
  },
  workloadReadBytes: {
    value: 8 * mebibyte,
    unit: 'bytes',
    what: 'Lists and watches of all workload clusters together that are read in a second',
    why: 'Who sends as fast as anybody reads would take the processor from the passes of all',
    beyond: 'What has come waits in the network; namespaces are read in turn',
    shown: 'Nowhere',
  },
  workloadReadBurstBytes: {
    value: mebibyte,
    unit: 'bytes',
    what: 'What is read of them at once before that counts',
    why: 'The nodes of an ordinary cluster, and what changes among them, are less',
    beyond: 'As above',
    shown: 'Nowhere',
  },
  workloadReadTurnBytes: {
    value: 65_536,
    unit: 'bytes',
    what: 'What is read of one cluster before it is the turn of another',
    why: 'More at once would delay passes by more than a millisecond',
    beyond: 'As above',
    shown: 'Nowhere',
  },
  workloadReadObjectBytes: {
    value: 4_096,
    unit: 'bytes',
    what: 'What an object counts in these lines beside its bytes',
    why: 'Remembering a small one takes as long as reading as many bytes',
    beyond: 'As above',
    shown: 'Nowhere',
  },
  workloadReadMarkBytes: {
    value: 4,
    unit: 'bytes',
    what: 'What a brace, a bracket or a comma of a list counts in these lines beside itself',
    why: 'Looking for the end of an object takes as long for one as for the letters of a word',
    beyond: 'As above',
    shown: 'Nowhere',
  },
  workloadPasses: {
    value: 2,
    unit: 'count',
    what: 'Passes that work with one workload cluster at a time',
    why: 'A slow cluster must not take the places of others',
    beyond: 'The others wait, and are woken in their order',
    shown: 'Nowhere',
  },
  workloadPassesOfNamespace: {
    value: 8,
    unit: 'count',
    what: 'Passes that work with the workload clusters of one namespace at a time',
    why: 'Many slow clusters of one tenant must leave places to those of others',
    beyond: 'The others wait, clusters in turn',
    shown: 'Nowhere',
  },
  workloadPassesOfAll: {
    value: 20,
    unit: 'count',
    what: 'Passes that work with any workload cluster at a time; while they wait for it, they take no worker',
    why: 'Each holds what it has read meanwhile',
    beyond: 'The others wait; first comes the namespace with the fewest places',
    shown: 'Nowhere',
  },
  workloadPassesUnproven: {
    value: 10,
    unit: 'count',
    what: 'Of these, with clusters that have not answered quickly yet',
    why: 'Many slow clusters together must not take the places of those that work',
    beyond: 'As above',
    shown: 'Nowhere',
  },
  workloadQuickMilliseconds: {
    value: 1_000,
    unit: 'milliseconds',
    what: 'All requests of one pass to a workload API that counts as quick',
    why: 'Ordinary ones take some hundredths of a second, and far away ones some tenths',
    beyond: 'The cluster is not quick for as long as the next line says',
    shown: 'Nowhere',
  },
  workloadDistrustMilliseconds: {
    value: 600_000,
    unit: 'milliseconds',
    what: 'For how long a workload cluster that was slow counts as not quick',
    why: 'Who is quick in between would take the places of others for five seconds each time',
    beyond: 'It is quick again',
    shown: 'Nowhere',
  },
  workloadQuestionMilliseconds: {
    value: 5_000,
    unit: 'milliseconds',
    what: 'One question whether a workload API is ready',
    why: 'A server that sends a byte a second would never have answered',
    beyond: 'The cluster counts as unreachable',
    shown: 'The conditions of what waits for the cluster',
  },
  workloadFailures: {
    value: 3,
    unit: 'count',
    what: 'Answers of 429 or 5xx in a row from a workload API; with `Retry-After` one is enough',
    why: 'What is overloaded is not helped by more requests',
    beyond: 'The cluster counts as unreachable, for growing pauses',
    shown: 'The conditions of what waits for the cluster',
  },
  workloadRetryAfterMilliseconds: {
    value: 300_000,
    unit: 'milliseconds',
    what: '`Retry-After` of a workload API; it delays that cluster only',
    why: 'A mistyped value would be an outage for ever',
    beyond: 'The cluster is asked again all the same',
    shown: 'Nowhere',
  },
}
