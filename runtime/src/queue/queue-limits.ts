// How many workers the objects of one namespace have — core
import type { Limit } from '../limits.ts'

export type QueueLimitName = 'workersForOthers' | 'workersOfCrowd' | 'crowdMilliseconds'

export const queueLimits: Readonly<Record<QueueLimitName, Limit>> = {
  workersForOthers: {
    value: 2,
    unit: 'count',
    what: 'Workers of a controller beyond `--concurrency`, which is what the objects of one namespace have at most',
    why: 'Slow passes of one tenant would hold all workers, and whoever comes then would wait until one ends',
    beyond: 'Objects wait for their turn',
    shown: 'Metric `workqueue_queue_duration_seconds`',
  },
  workersOfCrowd: {
    value: 1,
    unit: 'count',
    what: 'Workers of a namespace in which more objects wait than `--concurrency`, while one works in which no more wait',
    why: 'All passes share one processor: each of one object is as slow as there are others at a time',
    beyond: 'As above',
    shown: 'As above',
  },
  crowdMilliseconds: {
    value: 100,
    unit: 'milliseconds',
    what: 'For how long a namespace counts as one that works after a pass of it began or ended',
    why: 'A Machine takes several passes, and what wakes the next one is on its way for some milliseconds',
    beyond: 'The other namespace has its workers again',
    shown: 'Nowhere',
  },
}
