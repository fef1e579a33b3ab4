// `node relay.ts FROM_ADDRESS FROM_PORT TO_ADDRESS TO_PORT`: passes connections on, from a lab's network to this host — shell
import { connect, createServer } from 'node:net'
import { pipeline } from 'node:stream'

const [fromAddress = '', fromPort = '', toAddress = '', toPort = ''] = process.argv.slice(2)
createServer(inside => {
  const outside = connect(Number(toPort), toAddress)
  pipeline(inside, outside, inside, () => undefined) // whoever hangs up, both ends are closed
}).listen(Number(fromPort), fromAddress)
