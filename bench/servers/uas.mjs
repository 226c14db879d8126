// A UAS to measure: `node --expose-gc bench/servers/uas.mjs PORT`. On SIGUSR2 it collects garbage and tells what lives.
import { autoAnswer, createStack, secretOf, udp } from 'sippet/node'

// 32 s of requests at full rate are live at once, more than the default bounds let in: what is measured is service, not refusal.
const bounds = { servers: 8_000_000, perSource: 8_000_000 }
const port = Number(process.argv[2] ?? process.env.PORT ?? 5060)
const started = await createStack({
  name: 'uas',
  transports: [udp({ host: process.env.HOST ?? '127.0.0.1', port })],
  core: autoAnswer(secretOf(String(process.hrtime.bigint())), { maxCalls: 8_000_000 }),
  bounds,
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
