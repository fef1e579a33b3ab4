// `make testenv`: a management cluster to play with, until Ctrl-C — shell
import { once } from 'node:events'
import { parseArgs } from 'node:util'
import { startTestEnv } from './index.ts'

const usage = `usage: node hack/testenv/main.ts [flags]
Starts etcd and kube-apiserver, and on request beside them:
  --controller-manager   kube-controller-manager
  --scheduler            kube-scheduler
  --kwok                 kwok with one node, on which pods get ready without running (brings the two above)
  --cluster-api          Cluster API core with its CRDs and webhooks (brings the controller manager)
  --audit                an audit log of all requests, as audit.log
  --all                  all of these
`

const flag = { type: 'boolean' } as const
const options = { 'controller-manager': flag, scheduler: flag, kwok: flag, 'cluster-api': flag, audit: flag, all: flag }

try {
  await main()
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } } })
  if (values.help) {
    process.stdout.write(usage)
    return
  }
  const wants = (name: keyof typeof options): boolean => values[name] ?? values.all ?? false
  const started = Date.now()
  await using env = await startTestEnv({
    controllerManager: wants('controller-manager'),
    scheduler: wants('scheduler'),
    kwok: wants('kwok'),
    clusterApi: wants('cluster-api'),
    audit: wants('audit'),
  })
  if (wants('kwok')) await env.addNode('kwok-1')
  const seconds = ((Date.now() - started) / 1000).toFixed(1)
  process.stderr.write(`The management cluster is ready after ${seconds} s; logs are in ${env.dir}.\n`)
  process.stderr.write('In another terminal:\n')
  process.stdout.write(`export KUBECONFIG=${env.kubeconfig}\n`)
  process.stderr.write('Ctrl-C here stops it and removes everything.\n')
  // Not before: until here, Ctrl-C ends this process at once, and everything with it.
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
}
