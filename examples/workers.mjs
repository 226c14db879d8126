// Several processes behind one UDP port. One thread owns the socket and hands out datagrams, the others are whole stacks.
//
// All that belongs to one call must meet in one place: INVITE, its CANCEL and ACK, the BYE, and copies that came by another
// path. They share their Call-ID, so requests go by that. A response goes to whoever sent its request, whose number stands in
// the branch. The hash is keyed: nobody outside can heap calls on one worker.
//
// `node examples/workers.mjs [port [workers]]` answers OPTIONS, INVITE, CANCEL and BYE until it is told to stop.
import { createHmac, randomBytes } from 'node:crypto'
import { createSocket } from 'node:dgram'
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads'
import { right } from 'fp-ts/lib/Either.js'
import { autoAnswer, createStack, secretOf } from 'sippet/node'

/** Which of `count` workers a datagram is for. Total: what is no SIP goes to the first, who knows what to do with it. */
const workerFor = (datagram, count, key) => {
  if (datagram.startsWith('SIP/')) {
    const number = /^(?:via|v)[ \t]{0,20}:[^,\r\n]{1,200};branch=z9hG4bKw(\d{1,4})x/im.exec(datagram)?.[1]
    return number === undefined ? 0 : Number(number) % count
  }
  const callId = /^(?:call-id|i)[ \t]{0,20}:[ \t]{0,20}(\S{1,500})/im.exec(datagram)?.[1] ?? ''
  return createHmac('sha256', key).update(callId, 'latin1').digest().readUInt32BE(0) % count
}

/** A transport whose socket is in another thread. */
const throughParent = (local) => ({
  protocol: 'udp',
  reliable: false,
  open: (reports) => {
    parentPort.on('message', ({ bytes, remote }) =>
      reports.received({ protocol: 'udp', local, remote }, bytes),
    )
    return Promise.resolve(right([{ protocol: 'udp', local, advertised: local, reliable: false }]))
  },
  transmit: ({ remote }, bytes) => parentPort.postMessage({ bytes, remote }),
  close: () => Promise.resolve(parentPort.close()),
})

const work = async ({ number, local }) => {
  const core = autoAnswer(secretOf(randomBytes(16).toString('latin1')))
  const started = await createStack({
    name: `worker ${number}`,
    transports: [throughParent(local)],
    core,
    branchMark: `w${number}x`,
  })()
  if (started._tag === 'Left') throw new Error(started.left.what)
  parentPort.postMessage({ ready: true })
}

const dispatch = (port, count) => {
  const key = randomBytes(16)
  const socket = createSocket('udp4')
  socket.bind(port, '127.0.0.1', () => {
    const { address, port: bound } = socket.address()
    const local = { host: address, port: bound }
    let waiting = count
    const workers = Array.from({ length: count }, (_, number) => {
      const worker = new Worker(new URL(import.meta.url), { workerData: { number, local } })
      worker.on('message', ({ bytes, remote, ready }) => {
        if (ready !== true) socket.send(Buffer.from(bytes, 'latin1'), remote.port, remote.host)
        else if (--waiting === 0) console.log(`listening udp ${address}:${bound} with ${count} workers`)
      })
      return worker
    })
    socket.on('message', (octets, from) => {
      const bytes = octets.toString('latin1')
      workers[workerFor(bytes, count, key)].postMessage({
        bytes,
        remote: { host: from.address, port: from.port },
      })
    })
  })
}

if (isMainThread) dispatch(Number(process.argv[2] ?? 5060), Number(process.argv[3] ?? 2))
else await work(workerData)
