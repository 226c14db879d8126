// The same seed is the same trace, octet for octet, in Node and in a module worker of Chromium.
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { page } from './browser.mjs'
import { expect, scratch } from './kit.mjs'
import { seeds, sha256, trace } from './worker-lives.mjs'

const bundled = () => {
  const file = join(scratch, 'worker.js')
  const entry = resolve('tools/interop/worker-entry.mjs')
  const args = [entry, '--file', file, '--format', 'esm', '--platform', 'browser']
  execFileSync(resolve('node_modules/.bin/rolldown'), args, { stdio: 'ignore' })
  return file
}

const script = `
const worker = new Worker('/worker.js', { type: 'module' })
worker.onerror = ({ message }) => tell({ error: 'worker: ' + message })
worker.onmessage = ({ data }) => tell({ agent: navigator.userAgent, lives: data })
`

const firstDifference = (ours, theirs) => {
  const [left, right] = [ours.split('\n'), theirs.split('\n')]
  const at = left.findIndex((line, n) => line !== right[n])
  return `line ${at + 1}:\n  node:   ${left[at]}\n  worker: ${right[at]}`
}

export const runs = [
  {
    name: 'worker: the same traces in a module worker of Chromium as in Node',
    needs: ['chromium'],
    go: async () => {
      const { agent, lives } = await page(script, { '/worker.js': bundled() })
      expect(lives.length === seeds.length, `${lives.length} lives`)
      for (const [n, seed] of seeds.entries()) {
        const own = trace(seed)
        expect(own.split('\n').length > 100, `seed ${seed}: only ${own.length} octets`)
        const same = own === lives[n].text && (await sha256(own)) === lives[n].sha256
        expect(same, `seed ${seed}, ${same || firstDifference(own, lives[n].text)}`)
      }
      expect(new Set(lives.map((life) => life.sha256)).size === seeds.length, 'all seeds tell the same')
      const lines = lives.reduce((sum, { text }) => sum + text.split('\n').length, 0)
      return `${seeds.length} seeds, ${lines} lines, ${/Chrome\/\S+/.exec(agent)?.[0]}`
    },
  },
]
