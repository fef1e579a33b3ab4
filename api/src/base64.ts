// Text as the data of a Secret holds it — core

export function encodeBase64(text: string): string {
  return Buffer.from(text).toString('base64')
}

/** Empty for what is not there. */
export function decodeBase64(value: string | undefined): string {
  return Buffer.from(value ?? '', 'base64').toString()
}
