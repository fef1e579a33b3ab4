// PostgreSQL on a machine of the lab, on a small disk — shell
import type { Machine } from '@k0smotron-ts/hack/lab'
import { script, systemctl } from './machine.ts'

const unit = 'postgresql@15-main'
const disk = '/var/lib/postgresql'

/** A database and the user it belongs to. */
export interface Account {
  readonly name: string
  readonly password: string
}

// OOMScoreAdjust: CAP_SYS_RESOURCE is often missing from what a container or sandbox may have. fsync: no host loses its power.
const setUp = `
mkdir -p /etc/systemd/system/postgresql@.service.d
printf '[Service]\\nOOMScoreAdjust=0\\n' >/etc/systemd/system/postgresql@.service.d/lab.conf
cat >/etc/postgresql/15/main/conf.d/lab.conf <<'END'
listen_addresses = '*'
max_connections = 300
fsync = off
min_wal_size = 32MB
max_wal_size = 64MB
END
echo 'hostssl all all all scram-sha-256' >>/etc/postgresql/15/main/pg_hba.conf
cp -a ${disk} /var/lib/first
mount -t tmpfs -o size=384m tmpfs ${disk}
cp -a /var/lib/first/. ${disk}
systemctl daemon-reload
systemctl start ${unit}
`

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

export async function startPostgreSQL(machine: Machine, accounts: readonly Account[]): Promise<void> {
  await script(machine, setUp)
  const statements = accounts.flatMap(({ name, password }) => [
    `CREATE ROLE ${name} LOGIN PASSWORD ${quoted(password)};`,
    `CREATE DATABASE ${name} OWNER ${name};`,
  ])
  const psql = ['runuser', '--user', 'postgres', '--', 'psql', '--quiet', '--set=ON_ERROR_STOP=1'] as const
  await machine.exec(psql, statements.join('\n'))
}

/** As a user writes it: all that is no letter and no digit percent-encoded. */
export function postgresURL({ address }: Machine, { name, password }: Account): string {
  return `postgres://${name}:${encodeURIComponent(password)}@${address}:5432/${name}?sslmode=require`
}

export const stopPostgreSQL = (machine: Machine): Promise<string> => systemctl(machine, 'stop', unit)
export const resumePostgreSQL = (machine: Machine): Promise<string> => systemctl(machine, 'start', unit)

/** Leaves nothing of the disk. */
export const fillDisk = (machine: Machine): Promise<string> =>
  script(machine, `! dd if=/dev/zero of=${disk}/full bs=4k status=none`)
export const freeDisk = ({ exec }: Machine): Promise<string> => exec(['rm', `${disk}/full`])
