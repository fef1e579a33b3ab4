// The script that makes a machine a worker — core
import { createHash } from 'node:crypto'
import { downloadSteps, type Step } from './download.ts'
import { quoted, quotedWords } from './shell-quote.ts'
import type { UserCommand, WorkerInput } from './types.ts'

const stateDir = '/var/lib/k0s-bootstrap'

/** The contract's success marker (CT-B12). */
const sentinel = '/run/cluster-api/bootstrap-success.complete'

export interface ScriptPaths {
  readonly token: string
}

/**
 * A POSIX script that ends at the first failure and says which step failed, without quoting it. What marks progress is
 * named for the join token, so that a copied disk or a host that is used again does not pass for done.
 */
export function bootstrapScript(input: WorkerInput, { token }: ScriptPaths): string {
  const state = `${stateDir}/${createHash('sha256').update(input.joinToken).digest('hex').slice(0, 16)}`
  const k0s = quoted(`${input.installDir}/k0s`)
  return [
    ...opening(state, k0s),
    ...input.before.flatMap(userCommand),
    'set -e',
    ...[...downloadSteps(input, stateDir), ...joinSteps(input, k0s, token)].flatMap(stepLines),
    ...input.after.flatMap(userCommand),
    'set -e',
    ...stepLines({ name: 'noting success', lines: [`: >${quoted(`${state}.done`)}`] }),
    'succeed',
    '',
  ].join('\n')
}

function opening(state: string, k0s: string): readonly string[] {
  const [started, done] = [quoted(`${state}.started`), quoted(`${state}.done`)]
  return [
    '#!/bin/sh',
    '# Makes this machine a k0s worker. cloud-init runs it once; after a reboot in the middle it runs again.',
    'set -e',
    "step='the beginning'",
    `trap 'status=$?; [ "$step" = finished ] || { echo "k0s bootstrap: $step failed with status $status" >&2; [ "$status" -ne 0 ] || exit 1; }' EXIT`,
    '',
    'retry() {',
    '  for seconds in 2 4 8 16 32; do',
    '    "$@" && return',
    '    echo "k0s bootstrap: $step failed, trying again in $seconds s" >&2',
    '    sleep "$seconds"',
    '  done',
    '  "$@"',
    '}',
    '',
    '# The file is gone after each reboot, the success is not.',
    'succeed() {',
    "  step='reporting success'",
    `  mkdir -p ${quoted(sentinel.slice(0, sentinel.lastIndexOf('/')))}`,
    `  : >${quoted(sentinel)}`,
    '  step=finished',
    '  exit 0',
    '}',
    '',
    `[ ! -e ${done} ] || succeed`,
    `if [ -e ${started} ]; then`,
    '  # a service that an interrupted run left could not be started again',
    `  [ ! -x ${k0s} ] || ${k0s} stop || true`,
    'elif [ "$1" = resume ]; then',
    '  step=finished',
    '  exit 0',
    'fi',
    `mkdir -p ${quoted(stateDir)}`,
    `: >${started}`,
  ]
}

function joinSteps({ installDir, args }: WorkerInput, k0s: string, token: string): readonly Step[] {
  const install = `${k0s} install worker --force ${quotedWords(['--token-file', token, ...args])}`
  return [
    { name: `looking for k0s in ${installDir}`, lines: [`[ -x ${k0s} ]`] },
    { name: 'installing the k0s service', lines: [install] },
    { name: 'starting the k0s service', lines: [`${k0s} start`] },
  ]
}

function stepLines({ name, lines }: Step): readonly string[] {
  return ['', `step=${quoted(name)}`, ...lines]
}

/** In this very shell, as cloud-init would run it: what it exports, the later ones see. Its status decides. */
function userCommand({ field, text }: UserCommand): readonly string[] {
  return ['', `step=${quoted(field)}`, `eval ${quoted(text)} || exit`]
}
