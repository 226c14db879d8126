// Opens connections to a port and says so; ends when its input closes. `node idle-clients.mjs PORT COUNT`
import { connect } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
let open = 0
let asked = 0

/** A few hundred at a time, so that no queue overflows. */
const more = () => {
  while (asked < count && asked - open < 256) {
    asked += 1
    const socket = connect(port, '127.0.0.1', () => {
      open += 1
      if (open === count) process.stdout.write('open\n')
      more()
    })
    socket.on('error', (error) => process.stdout.write(`${error.message}\n`))
  }
}

more()
process.stdin.resume()
process.stdin.on('end', () => process.exit())
