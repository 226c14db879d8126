// The limit: a UDP socket of Node that sends back what it gets. `echo.mjs PORT together` keeps it until the end of the turn of
// the event loop, or until there are eight, as sippet does.
import { createSocket } from 'node:dgram'

const port = Number(process.argv[2])
const socket = createSocket({ type: 'udp4', lookup: (name, _options, answer) => answer(null, name, 4) })
const send = (octets, { port: to, address }) => socket.send(octets, to, address)
let waiting = []
const flush = () => {
  const now = waiting
  waiting = []
  for (const [octets, from] of now) send(octets, from)
}
const later = (octets, from) => {
  const many = waiting.push([octets, from])
  if (many === 1) setImmediate(flush)
  if (many === 8) flush()
}
socket.on('message', process.argv[3] === 'together' ? later : send)
socket.bind(port, '127.0.0.1', () => {
  socket.setRecvBufferSize(4 << 20)
  console.log(`listening udp ${port}`)
})
