// What a page or a worker loads of the package: for each subject the names it uses, bundled by a bundler as it is, minified and
// compressed, against a budget slightly above what it takes. Ends with `N passed, N failed, N skipped`.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import * as core from '../dist/core/index.js'

/** The bundle of a module that imports `names` and uses nothing else of the package. */
const bundled = async (names, from) => {
  const roots = [...new Set(names.map((name) => name.split('.', 1)[0]))]
  const code = `import { ${roots.join(', ')} } from '${from}'\nexport const used = [${names.join(', ')}]`
  const path = `${import.meta.dirname}/../entry.js`
  const entry = {
    name: 'entry',
    resolveId: (id) => (id === 'entry' ? path : undefined),
    load: (id) => (id === path ? code : undefined),
  }
  const bundle = await rolldown({ input: 'entry', plugins: [entry], platform: 'browser' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  return output[0].code
}

const reading = ['Message.parse', 'Message.isRequest', 'Message.respond', 'Message.print']
const headers = ['Message.get', 'Message.put']
const stack = [
  'Stack.reducer',
  'Stack.start',
  'Stack.layerConfig',
  'Stack.secretOf',
  'Transaction.rfc3261',
  'run',
]
const agent = [...stack, ...reading, 'UserAgent.userAgent', 'UserAgent.around', 'UserAgent.coreFilter']
const digest = [
  'UserAgent.digestClient',
  'UserAgent.digestServer',
  'Digest.clientConfig',
  'Digest.serverConfig',
]
const codecs = ['Codec', 'Snapshot', 'configFrom', 'profiles']
const everything = Object.keys(core)
/** Each member by itself, for a namespace that is handed on as a value is taken whole. */
const members = everything
  .filter((name) => name !== 'Digest' && !codecs.includes(name))
  .flatMap((name) =>
    typeof core[name] === 'object' && !Array.isArray(core[name])
      ? Object.keys(core[name]).map((member) => `${name}.${member}`)
      : [name],
  )

const subjects = [
  { name: 'Uri.parse', uses: ['Uri.parse'], budget: 3600 },
  { name: 'messages: read, answer, print', uses: reading, budget: 11_000 },
  { name: 'messages, and any header by its name', uses: [...reading, ...headers], budget: 20_000 },
  { name: 'a stack', uses: stack, budget: 36_500 },
  { name: 'a user agent', uses: agent, budget: 40_750 },
  {
    name: 'a user agent that checks requests',
    uses: [...agent, 'UserAgent.requestChecks'],
    budget: 41_750,
  },
  { name: 'a user agent, and any header by its name', uses: [...agent, ...headers], budget: 46_750 },
  { name: 'a user agent with digest on both sides', uses: [...agent, ...digest], budget: 53_500 },
  {
    name: 'all but digest and codecs',
    uses: members.filter((member) => !digest.includes(member)),
    budget: 53_000,
  },
  { name: 'all but codecs', uses: everything.filter((name) => !codecs.includes(name)), budget: 65_500 },
  { name: 'all that sippet exports', uses: everything, budget: 73_000 },
  {
    name: 'createStack over a WebSocket',
    uses: ['createStack', 'webSocket'],
    from: 'sippet/browser',
    budget: 65_500,
  },
]

const fits = []
for (const { name, uses, from = 'sippet', budget } of subjects) {
  const text = await bundled(uses, from)
  const size = brotliCompressSync(text).length
  fits.push(size <= budget)
  console.log(
    `${size <= budget ? 'ok    ' : 'FAILED'} ${name}: ${text.length} bytes minified, ${gzipSync(text).length} with gzip, ${size} with brotli of ${budget}`,
  )
}
const failed = fits.filter((fit) => !fit).length
console.log(`${fits.length - failed} passed, ${failed} failed, 0 skipped`)
process.exitCode = failed === 0 ? 0 : 1
