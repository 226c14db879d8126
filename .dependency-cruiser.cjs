// The arrows of the architecture: one may only point left.
//
//   data, reducer ← uri ← header ← message ← transaction ← layer ← stack ← user-agent
//                                     ↑  transport, locate, auth ↗
//           core ← core/codec ← shell            core ← testing ← cli → shell

const text = ['data', 'uri', 'header']
const messages = [...text, 'message']
const machines = [...messages, 'transport', 'transaction']
const stacks = [...machines, 'locate', 'auth', 'events.ts', 'layer']

/** What each part of the core may use beside itself and reducer.ts. events.ts is the vocabulary of the stack. */
const uses = {
  data: [],
  uri: ['data'],
  header: ['data', 'uri'],
  message: text,
  transport: messages,
  locate: [...messages, 'transport'],
  auth: messages,
  transaction: [...messages, 'transport'],
  'events.ts': [...machines, 'locate', 'auth'],
  layer: [...machines, 'events.ts'],
  runtime: [...machines, 'events.ts'],
  stack: stacks,
  'user-agent': [...stacks, 'stack'],
}

const at = (part) => (part.endsWith('.ts') ? `^src/core/${part.replace('.', '[.]')}$` : `^src/core/${part}/`)

const arrows = Object.entries(uses).map(([part, allowed]) => ({
  name: `arrow-${part}`,
  comment: `core/${part} may use ${allowed.join(', ') || 'nothing'} and reducer.ts`,
  severity: 'error',
  from: { path: at(part) },
  to: { path: '^src/', pathNot: [part, ...allowed, 'reducer.ts'].map(at) },
}))

const forbid = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

const packages = (...names) => ({ path: 'node_modules/', pathNot: `node_modules/(${names.join('|')})/` })

module.exports = {
  forbidden: [
    ...arrows,
    forbid('no-cycle', 'A cycle has no left.', { path: '^src/core/' }, { circular: true }),
    forbid(
      'no-running-cycle',
      'Types may speak of each other; modules that run may not.',
      { path: '^src/' },
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    forbid(
      'no-orphan',
      'Nobody uses it: delete it.',
      { orphan: true, path: '^src/', pathNot: '/index[.]ts$' },
      {},
    ),
    forbid('resolvable', 'Does not exist.', {}, { couldNotResolve: true }),
    forbid(
      'core-alone',
      'The core knows nobody outside it.',
      { path: '^src/core/' },
      { path: '^(src/(?!core/)|test/|tools/|bench/|examples/)' },
    ),
    forbid(
      'core-codec',
      'Codecs read what people write; the core does without.',
      { path: '^src/core/(?!codec/|index[.]ts$)' },
      { path: '^src/core/codec/' },
    ),
    forbid(
      'pure-builtins',
      'Core and testing kit run everywhere.',
      { path: '^src/(core|testing)/' },
      { dependencyTypes: ['core'] },
    ),
    forbid(
      'core-packages',
      'A package whose types mention Node would let Buffer into the core.',
      { path: '^src/core/' },
      packages('fp-ts', 'io-ts', '@noble/hashes'),
    ),
    forbid(
      'io-ts-in-codec',
      'io-ts reads configuration, never a message.',
      { path: '^src/core/(?!codec/)' },
      { path: 'node_modules/io-ts/' },
    ),
    forbid(
      'hashes-in-auth',
      'Hashes belong to data and auth.',
      { path: '^src/core/(?!data/|auth/)' },
      { path: 'node_modules/@noble/' },
    ),
    forbid(
      'testing-alone',
      'The testing kit uses the core only.',
      { path: '^src/testing/' },
      { path: '^src/(?!core/|testing/)' },
    ),
    forbid(
      'testing-packages',
      'The testing kit needs no test runner.',
      { path: '^src/testing/(?!fast-check/)' },
      packages('fp-ts'),
    ),
    forbid(
      'shell-without-testing',
      'Only the command line shows the testing kit.',
      { path: '^src/shell/(?!cli/)' },
      { path: '^src/(testing|shell/cli)/' },
    ),
    forbid(
      'shell-packages',
      'Each package of the shell is a decision.',
      { path: '^src/shell/' },
      packages('fp-ts', 'io-ts', 'ws', 'dns-packet', '@types/node', '@types/ws', '@types/dns-packet'),
    ),
    forbid(
      'published',
      'What is published uses no development dependency and no test.',
      { path: '^src/', pathNot: '^src/testing/fast-check/' },
      { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
    moduleSystems: ['es6', 'cjs'],
  },
}
