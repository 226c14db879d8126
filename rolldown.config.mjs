// The bundles for browsers and workers: one module each, without dependencies. fp-ts and io-ts come from their ES modules,
// of which only what is used goes in; in Node their CommonJS is loaded whole.
const es6 = {
  name: 'es6',
  resolveId: {
    filter: { id: /^(fp-ts|io-ts)\/lib\// },
    handler(id, importer) {
      return this.resolve(id.replace('/lib/', '/es6/'), importer, { skipSelf: true })
    },
  },
}

const bundle = (input, file) => ({
  input,
  plugins: [es6],
  platform: 'browser',
  treeshake: { moduleSideEffects: false },
  output: { file, format: 'esm', minify: true },
})

export default [
  bundle('dist/core/index.js', 'dist/bundle/core.js'),
  bundle('dist/shell/browser/index.js', 'dist/bundle/browser.js'),
]
