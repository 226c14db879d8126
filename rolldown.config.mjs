// The same modules for a page or a worker that has no bundler: one file each, without dependencies.
const bundle = (entry, file) => ({
  input: `dist/es/${entry}`,
  platform: 'browser',
  treeshake: { moduleSideEffects: false },
  output: { file: `dist/bundle/${file}`, format: 'esm', minify: true },
})

export default [bundle('core/index.js', 'core.js'), bundle('shell/browser/index.js', 'browser.js')]
