/**
 * The core in a world that has nothing but ECMAScript: a fresh `node:vm` context from which everything is taken that the
 * language does not give, and Date, Math.random and Intl besides. Modules are compiled to functions with TypeScript's own
 * transpiler and loaded by a `require` of fifteen lines, so nothing of Node is in reach of them.
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Script, createContext, runInContext } from 'node:vm'
import ts from 'typescript'

// biome-ignore format: a list
const given = [
  'Object', 'Function', 'Array', 'String', 'Number', 'Boolean', 'BigInt', 'Symbol', 'Map', 'Set', 'WeakMap', 'WeakSet',
  'RegExp', 'Error', 'AggregateError', 'EvalError', 'RangeError', 'ReferenceError', 'SyntaxError', 'TypeError', 'URIError',
  'Math', 'JSON', 'Reflect', 'Proxy', 'ArrayBuffer', 'DataView', 'Promise', 'Iterator',
  'Int8Array', 'Uint8Array', 'Uint8ClampedArray', 'Int16Array', 'Uint16Array', 'Int32Array', 'Uint32Array',
  'Float32Array', 'Float64Array', 'BigInt64Array', 'BigUint64Array',
  'globalThis', 'undefined', 'NaN', 'Infinity', 'parseInt', 'parseFloat', 'isNaN', 'isFinite',
  'decodeURI', 'decodeURIComponent', 'encodeURI', 'encodeURIComponent',
]

/** A context of that kind, and what stands in its global object. */
export const bareContext = (): { readonly context: object; readonly globals: readonly string[] } => {
  const context = createContext(Object.create(null) as object)
  runInContext(
    `for (const name of Object.getOwnPropertyNames(globalThis))
       if (!${JSON.stringify(given)}.includes(name)) delete globalThis[name]
     delete Math.random`,
    context,
  )
  return { context, globals: runInContext('Object.getOwnPropertyNames(globalThis)', context) as string[] }
}

/** Loads modules of the project, and of its packages, inside a context. Paths are relative to the root of the project. */
export const loaderIn = (context: object): ((path: string) => Record<string, unknown>) => {
  const modules = new Map<string, { exports: Record<string, unknown> }>()
  const load = (file: string): Record<string, unknown> => {
    const known = modules.get(file)
    if (known !== undefined) return known.exports
    const module = { exports: runInContext('({})', context) as Record<string, unknown> }
    modules.set(file, module)
    const wrapped = new Script(`(function (exports, require, module) {${compiled(file)}\n})`, {
      filename: file,
    })
    const body = wrapped.runInContext(context) as (...args: readonly unknown[]) => void
    body(module.exports, (name: string) => load(resolved(name, file)), module)
    return module.exports
  }
  return (path) => load(resolve(root, path))
}

const root = fileURLToPath(new URL('../..', import.meta.url))

const compiled = (file: string): string => {
  const source = readFileSync(file, 'utf8')
  const isCommonJs = file.endsWith('.js') && !/^(import|export)\b/m.test(source)
  return isCommonJs
    ? source
    : ts.transpileModule(source, {
        compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
      }).outputText
}

const resolved = (name: string, from: string): string => {
  if (!name.startsWith('.')) return createRequire(from).resolve(name)
  const path = resolve(dirname(from), name)
  if (from.endsWith('.ts')) return path.replace(/\.js$/, '.ts')
  return createRequire(from).resolve(path)
}
