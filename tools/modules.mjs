// Writes dist/es: the modules behind `sippet` and `sippet/browser` for bundlers, which take of them what is used. They differ from
// those for Node in two ways. fp-ts and io-ts come from their ES modules: Node cannot load these, and bundlers cannot take
// parts of the CommonJS that Node loads; and who only makes and asks `Either` and `Option` takes them from the module that fp-ts
// itself has them from, for the one that it exports them from brings 3 kB along that no bundler dares to leave out. And what a
// module computes when it is loaded is marked as pure, so that a header which nobody names is left out. Run by `npm run build`,
// after the compiler.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

const from = join(import.meta.dirname, '../dist')
const to = join(from, 'es')

const INNERMOST = /^(?:isLeft|isRight|left|right|isNone|isSome|none|some)(?: as \w+)?$/

const forBundlers = (code) =>
  code
    .replace(/(from '(?:fp-ts|io-ts))\/lib\//g, '$1/es6/')
    .replace(
      /^(import \{ (.*) \} from 'fp-ts\/es6\/)(?:Either|Option)(\.js')/gm,
      (all, before, names, after) =>
        names.split(', ').every((name) => INNERMOST.test(name)) ? `${before}internal${after}` : all,
    )
    .replace(/^((?:export )?const \w+ = )(?=[\w.]+\()/gm, '$1/* @__PURE__ */ ')
    .replace(/\n\/\/# sourceMappingURL=.*\n?$/, '\n')

/** All that is reached from a module, itself included. */
const reached = (path, seen) => {
  if (seen.has(path)) return seen
  const code = readFileSync(path, 'utf8')
  seen.set(path, code)
  for (const [, next] of code.matchAll(/ from '(\.{1,2}\/[^']+)'/g)) reached(join(dirname(path), next), seen)
  return seen
}

rmSync(to, { recursive: true, force: true })
const modules = ['core/index.js', 'shell/browser/index.js'].reduce(
  (seen, entry) => reached(join(from, entry), seen),
  new Map(),
)
for (const [path, code] of modules) {
  const target = join(to, path.slice(from.length))
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, forBundlers(code))
}
