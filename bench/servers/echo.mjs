// The limit: a UDP socket of Node that sends back what it gets.
import { createSocket } from 'node:dgram'

const port = Number(process.argv[2])
const socket = createSocket({ type: 'udp4', lookup: (name, _options, answer) => answer(null, name, 4) })
socket.on('message', (octets, from) => socket.send(octets, from.port, from.address))
socket.bind(port, '127.0.0.1', () => {
  socket.setRecvBufferSize(4 << 20)
  console.log(`listening udp ${port}`)
})
