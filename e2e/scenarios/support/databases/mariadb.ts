// MariaDB on two machines of the lab: one that clients use, and one that has each write before it is acknowledged — shell
import type { Machine } from '@k0smotron-ts/hack/lab'
import { script, systemctl } from './machine.ts'
import type { Account } from './postgresql.ts'

// the limits are lower than the package's: what may raise them is often missing from a container or sandbox
const setUp = (id: number): string => `
mkdir -p /etc/systemd/system/mariadb.service.d
printf '[Service]\\nOOMScoreAdjust=0\\nLimitNOFILE=8192\\nLimitMEMLOCK=64K\\n' >/etc/systemd/system/mariadb.service.d/lab.conf
cat >/etc/mysql/mariadb.conf.d/99-lab.cnf <<'END'
[mariadbd]
bind-address = 0.0.0.0
server-id = ${id}
log-bin = binlog
max-connections = 300
END
systemctl daemon-reload
systemctl start mariadb
`

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

const mariadb = (machine: Machine, ...statements: readonly string[]): Promise<string> =>
  machine.exec(
    ['mariadb', '--batch', '--silent', '--default-character-set=utf8mb4'],
    statements.map(one => `${one};\n`).join(''),
  )

export async function startMariaDB(first: Machine, second: Machine, accounts: readonly Account[]): Promise<void> {
  await Promise.all([script(first, setUp(1)), script(second, setUp(2))])
  await mariadb(first, "CREATE USER copier IDENTIFIED BY 'copy'", 'GRANT REPLICATION SLAVE ON *.* TO copier')
  const origin = `master_host = ${quoted(first.address)}, master_user = 'copier', master_password = 'copy'`
  await mariadb(
    second,
    'SET GLOBAL rpl_semi_sync_slave_enabled = ON',
    `CHANGE MASTER TO ${origin}, master_use_gtid = slave_pos, master_connect_retry = 1`,
    'START SLAVE',
  )
  await waitForCopy(first)
  const statements = accounts.flatMap(({ name, password }) => [
    `CREATE DATABASE ${name}`,
    `CREATE USER ${name} IDENTIFIED BY ${quoted(password)}`,
    `GRANT ALL ON ${name}.* TO ${name}`,
  ])
  await mariadb(first, ...statements)
}

/** From now on nothing is acknowledged that the second one does not have. */
const waitForCopy = (first: Machine): Promise<string> =>
  mariadb(first, 'SET GLOBAL rpl_semi_sync_master_timeout = 600000', 'SET GLOBAL rpl_semi_sync_master_enabled = ON')

/** Nothing is escaped in it. */
export function mysqlSource({ address }: Machine, { name, password }: Account): string {
  return `mysql://${name}:${password}@tcp(${address}:3306)/${name}`
}

export async function restartMariaDB(first: Machine): Promise<void> {
  await systemctl(first, 'restart', 'mariadb')
  await waitForCopy(first)
}

/** Once the first one is gone: the second one has applied all that it got, and belongs to nobody any more. */
export async function promote(second: Machine): Promise<void> {
  await mariadb(second, 'STOP SLAVE IO_THREAD')
  const applied = "mariadb --execute 'SHOW SLAVE STATUS\\G' | grep --quiet 'has read all relay log'"
  await script(second, `until ${applied}; do sleep 0.1; done`)
  await mariadb(second, 'STOP SLAVE', 'RESET SLAVE ALL')
}
