// Metrics of the work queues, under the names of controller-runtime — shell
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { QueueObserver } from '../queue/work-queue.ts'

/** What is asked at each scrape. */
interface QueueGauges {
  readonly depth: number
  /** For how long each running key has been worked on. */
  runningMs(): readonly number[]
}

/** Takes a queue by the name of its controller; returns what the queue has to tell. */
export type QueueMetrics = (name: string, gauges: () => QueueGauges) => QueueObserver

const labelNames = ['name', 'controller'] as const
const buckets = Array.from({ length: 12 }, (_, power) => 1e-8 * 10 ** power)
const seconds = (milliseconds: number): number => milliseconds / 1000

export function createQueueMetrics(registry: Registry): QueueMetrics {
  const { adds, retries, braked, waited, worked } = queueSeries(registry)
  const queues = queueScraped(registry)

  return (name, gauges) => {
    queues.set(name, gauges)
    const labels = { name, controller: name }
    adds.inc(labels, 0)
    retries.inc(labels, 0)
    braked.inc(labels, 0)
    return {
      added: () => adds.inc(labels),
      taken: waitedMs => waited.observe(labels, seconds(waitedMs)),
      finished: workedMs => worked.observe(labels, seconds(workedMs)),
      retried: () => retries.inc(labels),
      braked: () => braked.inc(labels),
    }
  }
}

interface QueueSeries {
  readonly adds: Counter<'name' | 'controller'>
  readonly retries: Counter<'name' | 'controller'>
  readonly braked: Counter<'name' | 'controller'>
  readonly waited: Histogram<'name' | 'controller'>
  readonly worked: Histogram<'name' | 'controller'>
}

function queueSeries(registry: Registry): QueueSeries {
  const one = (name: string, help: string) => ({ name, help, labelNames, registers: [registry] })
  const timed = (name: string, help: string) => new Histogram({ ...one(name, help), buckets })
  return {
    adds: new Counter(one('workqueue_adds_total', 'Keys added')),
    retries: new Counter(one('workqueue_retries_total', 'Keys added after a failure')),
    braked: new Counter(one('workqueue_braked_total', 'Passes that had to wait: their key was worked on too often')),
    waited: timed('workqueue_queue_duration_seconds', 'How long a key waits before it is worked on'),
    worked: timed('workqueue_work_duration_seconds', 'How long a key is worked on'),
  }
}

function queueScraped(registry: Registry): Map<string, () => QueueGauges> {
  const queues = new Map<string, () => QueueGauges>()
  const scraped = (name: string, help: string, value: (queue: QueueGauges) => number): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers: [registry],
      collect() {
        for (const [queue, gauges] of queues) this.set({ name: queue, controller: queue }, value(gauges()))
      },
    })
  }
  scraped('workqueue_depth', 'Keys that wait', queue => queue.depth)
  scraped('workqueue_unfinished_work_seconds', 'How long the running keys have been worked on, added up', queue =>
    seconds(queue.runningMs().reduce((sum, running) => sum + running, 0)),
  )
  scraped('workqueue_longest_running_processor_seconds', 'How long the longest running key has been worked on', queue =>
    seconds(Math.max(0, ...queue.runningMs())),
  )
  return queues
}
