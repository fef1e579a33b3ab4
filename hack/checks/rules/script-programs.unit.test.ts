// Programs are found wherever a script starts them — core
import { expect, test } from 'vitest'
import { programsOfScript } from './script-programs.ts'

test.each<[string, readonly string[]]>([
  ['set -eu\n# jq is not used\nmkdir -p a b\ncd a', ['mkdir']],
  ['mount -t tmpfs tmpfs "$A" && touch b || rm c; ls | wc -l', ['mount', 'touch', 'rm', 'ls', 'wc']],
  ['until chroot root ctr version >/dev/null 2>&1; do\n  sleep 0.05\ndone', ['chroot', 'sleep']],
  ['A=1 B=2 env x &\nwait', ['env']],
  ['started=$(date +%s)', ['date']],
  ['exec systemd-nspawn --quiet \\\n  --machine=m', ['systemd-nspawn']],
  ['exec "$@"\n"$program" a', []],
])('%j', (script, programs) => {
  expect(programsOfScript(script)).toEqual(programs)
})
