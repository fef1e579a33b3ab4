// How far the process is from the end of its memory — shell
import { getHeapStatistics } from 'node:v8'
import { Gauge, type Registry } from 'prom-client'

/** What prom-client leaves out of its own figures: the limits that `nodejs_heap_size_used_bytes` and the resident memory run into. */
export function createMemoryMetrics(registry: Registry): void {
  new Gauge({
    name: 'nodejs_heap_size_limit_bytes',
    help: 'Heap size at which the process ends; it follows the memory limit of the container',
    registers: [registry],
    collect() {
      this.set(getHeapStatistics().heap_size_limit)
    },
  })
  new Gauge({
    name: 'process_memory_limit_bytes',
    help: 'Memory limit of the container, or the memory of the machine',
    registers: [registry],
    collect() {
      this.set(process.constrainedMemory() || process.availableMemory())
    },
  })
}
