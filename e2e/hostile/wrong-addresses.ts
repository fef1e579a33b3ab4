// Addresses that somebody mistyped, or chose for harm — core

/** No client can connect to them, or each would to another place; Cluster API takes any text. */
export const unreadable: readonly string[] = [
  '10.0.0.300',
  '1.2.3.4.5',
  '1.2.3',
  'name.1',
  'name.09',
  '10.0.0.1:6443',
  'https://lb.example.org',
  '[::1]',
  'fe80::1%eth0',
  'a b',
  '-name-',
  'user@example.org',
  '0x7f.1',
  'exämple.org',
  'a'.repeat(300),
  '010.0.0.1',
  '167772161',
  '0x0a000001',
  '10.0.0.1/24',
  '10.0.0.1,10.0.0.2',
  '１０.0.0.1',
  ' 10.0.0.1',
  '[::1]:6443',
  '2001:db8::g',
  'a..b',
  'lb.example.org/path',
  '*.example.org',
  'lb.example.org\u200b',
  '<address>',
]

/** Everybody reads them alike, and no tenant may send the manager there. */
export const forbidden: readonly string[] = ['127.0.0.1', '169.254.169.254', 'localhost', '0.0.0.0', '224.0.0.1']

export const wrongAddresses: readonly string[] = [...unreadable, ...forbidden]
