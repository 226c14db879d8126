// What a browser or a worker loads, minified and compressed: the pure core as it is imported, and without its codecs,
// which who neither restores snapshots nor decodes configuration does not load. Each against a budget.
// Ends with `N passed, N failed, N skipped`.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import configs from '../rolldown.config.mjs'

const CODECS = ['Codec', 'Snapshot', 'configFrom', 'profiles']

const names = Object.keys(await import('../dist/core/index.js'))
const [{ plugins, platform, treeshake }] = configs

/** The bundle of what `code`, a module, imports. */
const bundled = async (code) => {
  const entry = {
    name: 'entry',
    resolveId: (id) => (id === 'entry' ? `${import.meta.dirname}/../entry.js` : undefined),
    load: (id) => (id.endsWith('/../entry.js') ? code : undefined),
  }
  const bundle = await rolldown({ input: 'entry', plugins: [entry, ...plugins], platform, treeshake })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output[0].code
}

const exporting = (wanted) => `export { ${wanted.join(', ')} } from './dist/core/index.js'`

/** A little above what each takes: what makes one heavier than that is to be weighed. */
const subjects = [
  { name: 'messages, headers and URIs', code: exporting(['Message', 'Header', 'Uri']), budget: 25_000 },
  { name: 'a stack to build on', code: exporting(['Stack']), budget: 41_000 },
  {
    name: 'the core without its codecs',
    code: exporting(names.filter((name) => !CODECS.includes(name))),
    budget: 62_000,
  },
  { name: 'all of the core', code: exporting(names), budget: 69_000 },
]

const fits = []
for (const { name, code, budget } of subjects) {
  const text = await bundled(code)
  const size = brotliCompressSync(text).length
  fits.push(size <= budget)
  console.log(
    `${size <= budget ? 'ok    ' : 'FAILED'} ${name}: ${text.length} bytes minified, ${gzipSync(text).length} with gzip, ${size} with brotli of ${budget}`,
  )
}
const failed = fits.filter((fit) => !fit).length
console.log(`${fits.length - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed === 0 ? 0 : 1
