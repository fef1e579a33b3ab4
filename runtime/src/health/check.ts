// What a probe is answered — core

/** What is wrong, or nothing. */
type Check = () => string | undefined

/** What people should know although nothing is wrong; shown beside the check of that name. */
type Note = () => string | undefined

export interface Probes {
  /** Restart me. */
  readonly healthz: Readonly<Record<string, Check>>
  /** Send me nothing yet. */
  readonly readyz: Readonly<Record<string, Check>>
  readonly notes?: Readonly<Record<string, Note>>
}

export interface ProbeAnswer {
  readonly status: number
  readonly body: string
}

/** `/healthz`, `/readyz`, and each check by its name below them, in the form of Kubernetes' own components. */
export function probe(probes: Probes, path: string, verbose: boolean): ProbeAnswer {
  const [, which = '', name = '', ...rest] = path.split('/')
  const checks = which === 'healthz' || which === 'readyz' ? probes[which] : undefined
  if (!checks || rest.length > 0) return notFound
  const asked = name === '' ? checks : pick(checks, name)
  const { notes = {} } = probes
  return Object.keys(asked).length > 0 ? answerOf(which, { checks: asked, notes, verbose }) : notFound
}

const notFound: ProbeAnswer = { status: 404, body: 'not found\n' }

function pick(checks: Readonly<Record<string, Check>>, name: string): Readonly<Record<string, Check>> {
  return Object.fromEntries(Object.entries(checks).filter(([other]) => other === name))
}

interface Asked {
  readonly checks: Readonly<Record<string, Check>>
  readonly notes: Readonly<Record<string, Note>>
  readonly verbose: boolean
}

function answerOf(which: string, { checks, notes, verbose }: Asked): ProbeAnswer {
  const results = Object.entries(checks).map(([name, check]) => ({ name, wrong: check() }))
  const failed = results.some(({ wrong }) => wrong !== undefined)
  if (!failed && !verbose) return { status: 200, body: 'ok' }
  const lines = results.map(({ name, wrong }) =>
    wrong === undefined ? `[+]${name} ok${noted(notes[name]?.())}` : `[-]${name} failed: ${wrong}`,
  )
  return {
    status: failed ? 500 : 200,
    body: `${[...lines, `${which} check ${failed ? 'failed' : 'passed'}`].join('\n')}\n`,
  }
}

function noted(note: string | undefined): string {
  return note === undefined ? '' : `: ${note}`
}
