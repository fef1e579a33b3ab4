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
]

/** Everybody reads them alike, and no tenant may send the manager there. */
export const forbidden: readonly string[] = ['127.0.0.1', '169.254.169.254', 'localhost']

export const wrongAddresses: readonly string[] = [...unreadable, ...forbidden]
