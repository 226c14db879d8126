// A UAS to measure: `node --expose-gc bench/servers/uas.mjs PORT`. On SIGUSR2 it collects garbage and tells what lives.
import { autoAnswer, createStack, secretOf, udp } from 'sippet/node'

const port = Number(process.argv[2] ?? process.env.PORT ?? 5060)
const started = await createStack({
  name: 'uas',
  transports: [udp({ host: process.env.HOST ?? '127.0.0.1', port })],
  core: autoAnswer(secretOf(String(process.hrtime.bigint()))),
  onDiagnostic: process.env.VERBOSE === undefined ? undefined : (one) => console.error(one.code, one.what),
})()
if (started._tag === 'Left') {
  console.error(started.left.what)
  process.exit(1)
}
console.log(`listening udp ${port}`)
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  console.log(`MEM ${JSON.stringify({ managed: heapUsed + external })}`)
})
process.once('SIGINT', () => started.right.close().then(() => process.exit(0)))
