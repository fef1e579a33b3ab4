// The script that makes a machine a worker — core
import { createHash } from 'node:crypto'
import { downloadSteps, type Step } from './download.ts'
import { instanceIDPath, placeholderSteps, quotedWithValues } from './placeholders.ts'
import { quoted, quotedWords } from './shell/shell-quote.ts'
import type { UserCommand, WorkerInput } from './types.ts'

const stateDir = '/var/lib/k0s-bootstrap'

/** The success marker of Cluster API's contract. */
const sentinel = '/run/cluster-api/bootstrap-success.complete'

export interface ScriptPaths {
  readonly token: string
}

/**
 * A POSIX script that ends at the first failure and says which step failed, without quoting it. What marks progress is
 * named for the join token and the machine, so that neither a copied disk, as in a pool, nor a host that is used again
 * passes for done.
 */
export function bootstrapScript(input: WorkerInput, { token }: ScriptPaths): string {
  const attempt = `${stateDir}/${createHash('sha256').update(input.joinToken).digest('hex').slice(0, 16)}`
  const k0s = quoted(`${input.installDir}/k0s`)
  return [
    ...opening(attempt, k0s),
    ...input.before.flatMap(userCommand),
    '',
    '# Joined once, the service starts by itself at each boot.',
    'if [ ! -e "$k0s_bootstrap_state.joined" ]; then',
    ...[...downloadSteps(input, stateDir), ...joinSteps(input, k0s, token)].flatMap(stepLines),
    'fi',
    ...input.after.flatMap(userCommand),
    ...stepLines({ name: 'noting success', lines: [': >"$k0s_bootstrap_state.done"'] }),
    'succeed',
    '',
  ].join('\n')
}

function opening(attempt: string, k0s: string): readonly string[] {
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
    `k0s_bootstrap_state=${quoted(`${attempt}.`)}$(cat ${quoted(instanceIDPath)} 2>/dev/null | tr -c 'A-Za-z0-9\\n-' _)`,
    '[ ! -e "$k0s_bootstrap_state.done" ] || succeed',
    'if [ ! -e "$k0s_bootstrap_state.started" ] && [ "$1" = resume ]; then',
    '  step=finished',
    '  exit 0',
    'fi',
    'if [ ! -e "$k0s_bootstrap_state.joined" ]; then',
    '  # a service that an interrupted run left, or that came with a copied disk, could not be started again',
    `  for earlier in ${quoted(`${stateDir}/`)}*.started; do`,
    `    [ ! -e "$earlier" ] || [ ! -x ${k0s} ] || { ${k0s} stop || true; break; }`,
    '  done',
    'fi',
    `(umask 077 && mkdir -p ${quoted(stateDir)})`,
    ': >"$k0s_bootstrap_state.started"',
    '',
    '# What user commands exported before a reboot.',
    '[ ! -e "$k0s_bootstrap_state.env" ] || . "$k0s_bootstrap_state.env"',
  ]
}

function joinSteps({ installDir, args }: WorkerInput, k0s: string, token: string): readonly Step[] {
  const words = [quotedWords(['--token-file', token]), ...args.map(quotedWithValues)]
  const install = `${k0s} install worker --force ${words.join(' ')}`
  return [
    { name: `looking for k0s in ${installDir}`, lines: [`[ -x ${k0s} ]`] },
    ...placeholderSteps(args),
    { name: 'installing the k0s service', lines: [install] },
    { name: 'starting the k0s service', lines: [`${k0s} start`, ': >"$k0s_bootstrap_state.joined"'] },
  ]
}

function stepLines({ name, lines }: Step): readonly string[] {
  return ['', `step=${quoted(name)}`, ...lines]
}

/** Once it is done it never runs again: it may be what formats a disk. */
function userCommand(command: UserCommand): readonly string[] {
  const done = `"$k0s_bootstrap_state."${quoted(command.field)}`
  return [
    '',
    `step=${quoted(command.field)}`,
    `if [ ! -e ${done} ]; then`,
    'set +e', // so that the user's own set -e counts, which a shell ignores on the left of ||
    ...(command.mayFail ? allowedToFail(command) : thatMustSucceed(command)),
    `: >${done}`,
    'fi',
  ]
}

/** In this very shell, as cloud-init would run it: what it exports, the later ones see, also after a reboot. */
function thatMustSucceed({ text }: UserCommand): readonly string[] {
  return [
    `eval ${quoted(text)}`,
    'k0s_bootstrap_status=$?',
    '[ "$k0s_bootstrap_status" -eq 0 ] || exit "$k0s_bootstrap_status"',
    'set -e',
    '(umask 077 && export -p >"$k0s_bootstrap_state.env")',
  ]
}

/** In a shell of its own, so that nothing in it can end this one. */
function allowedToFail({ text }: UserCommand): readonly string[] {
  return [
    `(eval ${quoted(text)})`,
    'k0s_bootstrap_status=$?',
    'set -e',
    '[ "$k0s_bootstrap_status" -eq 0 ] || echo "k0s bootstrap: $step ended with status $k0s_bootstrap_status, as its leading - allows" >&2',
  ]
}
