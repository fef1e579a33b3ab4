// What a failed connection is called in a condition — core

/** The words of Node, OpenSSL and undici differ by release and give advice that is none; their codes are stable. */
const wordsByCode: readonly (readonly [words: string, codes: readonly string[]])[] = [
  ['connection refused', ['ECONNREFUSED']],
  ['unknown host', ['ENOTFOUND', 'ENODATA', 'EAI_NONAME']],
  ['the host name could not be looked up', ['EAI_AGAIN', 'EAI_FAIL', 'ESERVFAIL', 'ETIMEOUT', 'EREFUSED']],
  ['no route to the host', ['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'EADDRNOTAVAIL']],
  [
    'timed out',
    [
      'ETIMEDOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
      'ERR_TLS_HANDSHAKE_TIMEOUT',
    ],
  ],
  [
    'connection closed by the other side',
    ['ECONNRESET', 'ECONNABORTED', 'EPIPE', 'UND_ERR_SOCKET', 'ERR_HTTP2_STREAM_ERROR'],
  ],
  [
    'its certificate is not signed by the expected authority',
    [
      'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      'UNABLE_TO_GET_ISSUER_CERT',
      'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
      'SELF_SIGNED_CERT_IN_CHAIN',
      'DEPTH_ZERO_SELF_SIGNED_CERT',
      'CERT_SIGNATURE_FAILURE',
      'CERT_UNTRUSTED',
      'CERT_REJECTED',
      'INVALID_CA',
    ],
  ],
  ['its certificate names another host', ['ERR_TLS_CERT_ALTNAME_INVALID', 'HOSTNAME_MISMATCH']],
  ['its certificate has expired', ['CERT_HAS_EXPIRED']],
  ['its certificate is not valid yet', ['CERT_NOT_YET_VALID']],
  ['its certificate is not one of a server', ['INVALID_PURPOSE']],
  ['it does not speak TLS', ['EPROTO', 'ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_SSL_PACKET_LENGTH_TOO_LONG']],
  ['it refuses our certificate', ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']],
]

/** Our own words for the first code that the error or what it wraps has; a code that we do not know is told as it is. */
export function failureWords(error: unknown): string | undefined {
  const codes = codesOf(error)
  const known = wordsByCode.find(([, of]) => codes.some(code => of.includes(code)))
  const [unknown] = codes
  return known?.[0] ?? unknown
}

const deepest = 8

function codesOf(error: unknown): readonly string[] {
  const codes: string[] = []
  let inner: unknown = error
  for (let depth = 0; depth < deepest && inner instanceof Error; depth++) {
    if ('code' in inner && typeof inner.code === 'string') codes.push(inner.code)
    // all addresses of a host were tried: the first failure stands for them
    inner = inner.cause ?? (inner instanceof AggregateError ? inner.errors[0] : undefined)
  }
  return codes
}
