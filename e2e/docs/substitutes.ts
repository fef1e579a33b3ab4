// What a page says that only its reader has, and what a lab has in its place — core

export interface Substitute {
  /** As pages spell it. */
  readonly said: string
  readonly done: string
  readonly why: string
}

/** All that is not run as it is written. */
export const substitutes: readonly Substitute[] = [
  {
    said: 'curl -sSf https://get.k0s.sh | K0S_VERSION=v1.36.3+k0s.1 sh',
    done: 'k0s version',
    why: "a lab reaches no other host; its machines' image has k0s",
  },
]

/** The text as it can be run in a lab, and which substitutes that took. */
export function substituted(text: string): { readonly text: string; readonly used: readonly Substitute[] } {
  const used = substitutes.filter(({ said }) => text.includes(said))
  return { text: used.reduce((result, { said, done }) => result.replaceAll(said, () => done), text), used }
}
