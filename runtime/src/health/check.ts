// What a probe is answered — core

/** What is wrong, or nothing. */
type Check = () => string | undefined

export interface Probes {
  /** Restart me. */
  readonly healthz: Readonly<Record<string, Check>>
  /** Send me nothing yet. */
  readonly readyz: Readonly<Record<string, Check>>
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
  if (name !== '') return Object.hasOwn(checks, name) ? answerOf(which, pick(checks, name), verbose) : notFound
  return answerOf(which, checks, verbose)
}

const notFound: ProbeAnswer = { status: 404, body: 'not found\n' }

function pick(checks: Readonly<Record<string, Check>>, name: string): Readonly<Record<string, Check>> {
  return Object.fromEntries(Object.entries(checks).filter(([other]) => other === name))
}

function answerOf(which: string, checks: Readonly<Record<string, Check>>, verbose: boolean): ProbeAnswer {
  const results = Object.entries(checks).map(([name, check]) => ({ name, wrong: check() }))
  const failed = results.some(({ wrong }) => wrong !== undefined)
  if (!failed && !verbose) return { status: 200, body: 'ok' }
  const lines = results.map(({ name, wrong }) =>
    wrong === undefined ? `[+]${name} ok` : `[-]${name} failed: ${wrong}`,
  )
  return {
    status: failed ? 500 : 200,
    body: `${[...lines, `${which} check ${failed ? 'failed' : 'passed'}`].join('\n')}\n`,
  }
}
