// Two workers behind one port, called by sipp over a network that loses one datagram in ten.
import { resolve } from 'node:path'
import { freePort, run, stop, until } from './kit.mjs'
import { sipp } from './sipp.mjs'

export const runs = [
  {
    name: 'processes: two workers behind one port, 10 % lost',
    needs: ['sipp'],
    go: async () => {
      const port = await freePort()
      const server = run(process.execPath, [resolve('examples/workers.mjs'), String(port), '2'])
      try {
        await until(() => server.said.includes('listening') || server.exitCode !== null, 15_000, 'workers')
        const args = ['-sn', 'uac', '-t', 'u1', '-i', '127.0.0.1', '-lost', '10', '-max_retrans', '10']
        return await sipp(args, { calls: 1000, rate: 100 }, `127.0.0.1:${port}`)
      } finally {
        await stop(server)
      }
    },
  },
]
