// A process that has a lab with a machine in it until it is killed — shell
import { startLab } from '@k0smotron-ts/hack/lab'

const lab = await startLab({ name: process.argv[2] ?? '', clusterApi: false })
const machine = await lab.machines.start({ name: 'machine', userData: '#cloud-config\n' })
await machine.result()
process.send?.('started')
