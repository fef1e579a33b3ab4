// The script, run by real shells on a machine that consists of a folder — shell
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type FakeMachine, fakeMachine } from './testing/fake-machine.ts'
import { joinToken, workerInput } from './testing/inputs.ts'
import type { UserCommand, WorkerInput } from './types.ts'
import { commandsOf } from './user-command.ts'
import { renderWorker } from './worker.ts'

const shells = ['/bin/sh', '/bin/bash'].filter(path => existsSync(path))

const before = (...texts: string[]): readonly UserCommand[] => commandsOf('spec.preK0sCommands', texts)
const after = (...texts: string[]): readonly UserCommand[] => commandsOf('spec.postK0sCommands', texts)

function userDataFor({ installDir, workingDir }: FakeMachine, different: Partial<WorkerInput> = {}): string {
  return renderWorker(workerInput({ source: { kind: 'installed' }, installDir, workingDir, ...different }))
}

describe.each(shells)('%s', shell => {
  test('installs, starts and reports success', () => {
    using machine = fakeMachine(shell)
    const { status } = machine.firstBoot(userDataFor(machine))

    const token = join(machine.workingDir, 'k0s.token')
    expect(status).toBe(0)
    expect(machine.k0sCalls()).toEqual([
      ['install', 'worker', '--force', '--token-file', token, ...workerInput().args],
      ['start'],
    ])
    expect(machine.succeeded()).toBe(true)
    expect(readFileSync(token, 'utf8')).toBe(joinToken)
    expect(statSync(token).mode & 0o777).toBe(0o600)
  })

  test('arguments arrive byte for byte', () => {
    // no process takes a NUL; what looks like a placeholder and is none is refused before
    const word = fc
      .string({ unit: 'binary-ascii', minLength: 1, maxLength: 20 })
      .filter(text => !text.includes('\0') && !text.includes('%{'))
    fc.assert(
      fc.property(
        fc.array(fc.oneof(word, fc.constantFrom("'", '$(exit 9)', '`id`', '\\', '"', '\n', '*', '-')), {
          maxLength: 8,
        }),
        args => {
          using machine = fakeMachine(shell)
          expect(machine.firstBoot(userDataFor(machine, { args })).status).toBe(0)
          expect(machine.k0sCalls()[0]?.slice(5)).toEqual(args)
        },
      ),
      { numRuns: 15 },
    )
  })

  test.each(['install', 'start'])('a failing k0s %s is no success', command => {
    using machine = fakeMachine(shell)
    writeFileSync(machine.path(`k0s-${command}`), '3')

    const { status, output } = machine.firstBoot(userDataFor(machine, { after: after('touch "$PWD/never"') }))
    expect(status).toBe(3)
    expect(output).toContain(`k0s bootstrap: ${command}ing the k0s service failed with status 3`)
    expect(machine.succeeded()).toBe(false)
  })

  test.each<[string, string]>([
    ['a status', 'false'],
    ['a status of its own', 'exit 4'],
    ['an exit that looks like success', 'exit 0'],
    ['a syntax error', 'if true; then'],
    ['a program that is missing', '/no/such/program'],
    ['a line in the middle that counts', 'set -e\nfalse\ntrue'],
  ])('a user command that fails with %s ends it and is named, not quoted', (_, text) => {
    using machine = fakeMachine(shell)
    const { status, output } = machine.firstBoot(
      userDataFor(machine, { before: before('true', `: s3cret; ${text}`, 'touch never') }),
    )

    expect(status).toBeGreaterThan(0)
    expect(output).toContain('k0s bootstrap: spec.preK0sCommands[1] failed with status')
    expect(output).not.toContain('s3cret')
    expect(machine.k0sCalls()).toEqual([])
    expect(machine.succeeded()).toBe(false)
  })

  test('a command after the start that fails is no success either', () => {
    using machine = fakeMachine(shell)
    expect(machine.firstBoot(userDataFor(machine, { after: after('false') })).status).toBe(1)
    expect(machine.succeeded()).toBe(false)
  })

  test('a command whose last status is 1 by nature ends it, unless a dash says that it may fail', () => {
    const command = '[ -e /nowhere ] && echo there'
    using machine = fakeMachine(shell)
    const { status, output } = machine.firstBoot(userDataFor(machine, { before: before(command) }))
    expect([status, machine.k0sCalls()]).toEqual([1, []])
    expect(output).toContain('k0s bootstrap: spec.preK0sCommands[0] failed with status 1')

    using other = fakeMachine(shell)
    const second = other.firstBoot(
      userDataFor(other, { before: before(`-${command}`), after: after('-no-such-program get nodes') }),
    )
    expect([second.status, other.succeeded()]).toEqual([0, true])
    expect(second.output).toContain('spec.preK0sCommands[0] ended with status 1, as its leading - allows')
    expect(second.output).toContain('spec.postK0sCommands[0] ended with status 127, as its leading - allows')
  })

  test.each(['exit 4', 'set -e; false; true', 'if true; then', '/no/such/program', 'exec false', ''])(
    'nothing in a command that may fail ends the bootstrap: %s',
    text => {
      using machine = fakeMachine(shell)
      expect(machine.firstBoot(userDataFor(machine, { before: before(`- ${text}`) })).status).toBe(0)
      expect(machine.succeeded()).toBe(true)
    },
  )

  test('a command that may fail is tried once', () => {
    using machine = fakeMachine(shell)
    writeFileSync(machine.path('k0s-start'), '3')
    const commands = before(`-echo tried >>'${machine.path('log')}'; false`)
    expect(machine.firstBoot(userDataFor(machine, { before: commands })).status).toBe(3)
    expect(machine.reboot().status).toBe(3)
    expect(readFileSync(machine.path('log'), 'utf8')).toBe('tried\n')
  })

  test('what only the machine knows is filled into arguments, and expanded no further', () => {
    using machine = fakeMachine(shell)
    machine.isInstance('i-0a/1')
    machine.program('uname', '#!/bin/sh\necho node-7.example.org\n')
    const args = ["--kubelet-extra-args=--x=rack://it's/%{hostname} --y=%{instance-id}/%{hostname}"]
    expect(machine.firstBoot(userDataFor(machine, { args })).status).toBe(0)
    expect(machine.k0sCalls()[0]?.slice(5)).toEqual([
      "--kubelet-extra-args=--x=rack://it's/node-7.example.org --y=i-0a/1/node-7.example.org",
    ])
  })

  test.each(['', 'a b', '$(reboot)', "a'b"])('a host name that is none, "%s", ends it and is named', name => {
    using machine = fakeMachine(shell)
    machine.program('uname', `#!/bin/sh\nprintf '%s' "${name.replaceAll('$', '\\$')}"\n`)
    const { status, output } = machine.firstBoot(userDataFor(machine, { args: ['--labels=host=%{hostname}'] }))
    expect([status, machine.k0sCalls()]).toEqual([1, []])
    expect(output).toContain('k0s bootstrap: reading %{hostname} failed with status 1')
  })

  test('of several lines the last status decides', () => {
    using machine = fakeMachine(shell)
    expect(machine.firstBoot(userDataFor(machine, { before: before('false\ntrue') })).status).toBe(0)
    expect(machine.succeeded()).toBe(true)
  })

  test('user commands run as one shell: exports and folders last, settings do not weaken the rest', () => {
    using machine = fakeMachine(shell)
    writeFileSync(machine.path('k0s-install'), '7')
    const commands = before('set +e; export PROXY=p', `cd '${machine.dir}'`, 'echo "$PROXY, $UNSET." >seen')

    expect(machine.firstBoot(userDataFor(machine, { before: commands })).status).toBe(7)
    expect(readFileSync(machine.path('seen'), 'utf8')).toBe('p, .\n')
  })
})

describe('reboot', () => {
  const exported = String.raw`export PROXY="it's \"p\" \$1"`

  test('after success nothing runs again, and the success is told again', () => {
    using machine = fakeMachine()
    machine.firstBoot(userDataFor(machine))
    expect(machine.reboot()).toEqual({ status: 0, output: '' })
    expect(machine.k0sCalls()).toHaveLength(2)
    expect(machine.succeeded()).toBe(true)
  })

  test('in the middle: it is resumed, after what was started is stopped', () => {
    using machine = fakeMachine()
    writeFileSync(machine.path('k0s-start'), '3')
    machine.firstBoot(userDataFor(machine))
    rmSync(machine.path('k0s-start'))

    expect(machine.reboot().status).toBe(0)
    expect(machine.k0sCalls().map(([command]) => command)).toEqual(['install', 'start', 'stop', 'install', 'start'])
    expect(machine.succeeded()).toBe(true)
  })

  test('a user command that succeeded never runs again, nor does the join; one that failed is tried again', () => {
    using machine = fakeMachine()
    const note = (text: string) => `echo ${text} >>'${machine.path('log')}'`
    const commands = {
      before: before(`${note('mkfs')}; ${exported}`, note('second')),
      after: after(note('"$PROXY"'), `${note('tried')}; [ -e '${machine.path('mended')}' ]`, note('last')),
    }
    expect(machine.firstBoot(userDataFor(machine, commands)).status).toBe(1)
    expect(machine.reboot().status).toBe(1)
    writeFileSync(machine.path('mended'), '')
    expect(machine.reboot()).toMatchObject({ status: 0 })
    expect(readFileSync(machine.path('log'), 'utf8')).toBe('mkfs\nsecond\nit\'s "p" $1\ntried\ntried\ntried\nlast\n')
    expect(machine.k0sCalls().map(([command]) => command)).toEqual(['install', 'start'])
    expect(machine.succeeded()).toBe(true)
  })

  test('what a command exported is there for those that run after a reboot', () => {
    using machine = fakeMachine()
    const [mended, seen] = [machine.path('mended'), machine.path('seen')]
    const commands = before(exported, `[ -e '${mended}' ] && echo "$PROXY" >'${seen}'`)
    expect(machine.firstBoot(userDataFor(machine, { before: commands })).status).toBe(1)
    writeFileSync(mended, '')
    expect(machine.reboot().status).toBe(0)
    expect(readFileSync(seen, 'utf8')).toBe(`it's "p" $1\n`)
  })

  test('before cloud-init came to its commands: they are left to cloud-init', () => {
    using machine = fakeMachine()
    const userData = userDataFor(machine)
    machine.firstBoot(userData.replace(/^runcmd:\n.*/ms, 'runcmd: [["true"]]\n'))

    expect(machine.reboot()).toEqual({ status: 0, output: '' })
    expect(machine.k0sCalls()).toEqual([])
    expect(machine.succeeded()).toBe(false)
  })

  test('a disk that was copied to another machine does not pass for done, though it holds the same token', () => {
    using machine = fakeMachine()
    const userData = userDataFor(machine)
    for (const name of ['i-1', 'i/2']) {
      machine.isInstance(name)
      expect(machine.firstBoot(userData).status).toBe(0)
    }
    expect(machine.reboot().status).toBe(0)
    expect(machine.k0sCalls().map(([command]) => command)).toEqual(['install', 'start', 'stop', 'install', 'start'])
  })

  test('a host that is used again for another machine is bootstrapped again', () => {
    using machine = fakeMachine()
    machine.firstBoot(userDataFor(machine))
    machine.firstBoot(userDataFor(machine, { joinToken: 'of another machine' }))
    expect(machine.k0sCalls().map(([command]) => command)).toEqual(['install', 'start', 'stop', 'install', 'start'])
  })
})

describe('download', () => {
  const fetched = (content: string): string => `#!/bin/sh
while [ "$1" != -o ]; do shift; done
printf '%s' '${content}' >"$2"
`

  test('the installer is run with version and folder, and only when it came whole', () => {
    using machine = fakeMachine()
    machine.program('curl', fetched('echo "$K0S_VERSION $K0S_INSTALL_PATH" >seen'))
    const source = { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.1' } as const
    const userData = userDataFor(machine, { source, before: before(`cd '${machine.dir}'`) })

    expect(machine.firstBoot(userData).status).toBe(0)
    expect(readFileSync(machine.path('seen'), 'utf8')).toBe(`v1.36.3+k0s.1 ${machine.installDir}\n`)
  })

  test('an installer that is cut off is not run', () => {
    using machine = fakeMachine()
    machine.program('curl', `${fetched('touch ran')}exit 18\n`)
    const source = { kind: 'script', url: 'https://get.k0s.sh', version: 'v1.36.3+k0s.1' } as const

    const { status, output } = machine.firstBoot(
      userDataFor(machine, { source, before: before(`cd '${machine.dir}'`) }),
    )
    expect(status).toBe(18)
    expect(output).toContain('fetching the installer of k0s failed, trying again in 32 s')
    expect(existsSync(machine.path('ran'))).toBe(false)
  })

  test('a binary gets its name when it is whole', () => {
    using machine = fakeMachine()
    const k0s = join(machine.installDir, 'k0s')
    machine.program('curl', `${fetched('half')}exit 18\n`)
    const original = readFileSync(k0s, 'utf8')
    const source = { kind: 'binary', url: "https://e.org/k0s?a='b'&c=[1]" } as const

    expect(machine.firstBoot(userDataFor(machine, { source })).status).toBe(18)
    expect(readFileSync(k0s, 'utf8')).toBe(original)

    machine.program(
      'curl',
      `#!/bin/sh\nwhile [ "$1" != -o ]; do shift; done\ncp '${k0s}' "$2"; echo "$3" >'${machine.dir}/url'\n`,
    )
    expect(machine.reboot().status).toBe(0)
    expect(readFileSync(machine.path('url'), 'utf8')).toBe("https://e.org/k0s?a='b'&c=[1]\n")
    expect(statSync(k0s).mode & 0o777).toBe(0o755)
  })

  test('a blob comes through oras, which gets a home folder', () => {
    using machine = fakeMachine()
    machine.program(
      'oras',
      `#!/bin/sh\necho "$HOME $1 $2 $5" >'${machine.dir}/seen'; cp '${machine.installDir}/k0s' "$4"\n`,
    )
    const source = { kind: 'blob', reference: 'r.io/k0s@sha256:aa' } as const

    expect(machine.firstBoot(userDataFor(machine, { source })).status).toBe(0)
    expect(readFileSync(machine.path('seen'), 'utf8')).toBe('/root blob fetch r.io/k0s@sha256:aa\n')
  })

  test('k0s that is missing in the end is said', () => {
    using machine = fakeMachine()
    rmSync(join(machine.installDir, 'k0s'))
    expect(machine.firstBoot(userDataFor(machine)).output).toContain(`looking for k0s in ${machine.installDir} failed`)
  })
})
