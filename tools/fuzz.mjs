// Coverage-guided fuzzing of what reads a peer's octets: `node tools/fuzz.mjs [parse|frame|uri|all] [seconds] [seed]`,
// after `npm run build`. It puts a counter into every branch of a copy of the core, mutates inputs, keeps those that reach
// a branch, or reach it more often, than any before, and stops with exit code 1 at the first that throws, breaks what is
// promised, or takes too long.
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '..')
const source = join(root, 'dist/core')
const copy = join(root, `.tsbuild/fuzz-${process.pid}`)
process.on('exit', () => rmSync(copy, { recursive: true, force: true }))

/** A counter a branch; the copy finds them here. */
const counters = new Uint32Array(1 << 16)
globalThis.__branches = counters
let branches = 0

/** The text of a module with a counter in every block, case and operand that may be left out. */
const instrumented = (path) => {
  const { factory } = ts
  const hit = () =>
    factory.createPostfixIncrement(
      factory.createElementAccessExpression(
        factory.createPropertyAccessExpression(factory.createIdentifier('globalThis'), '__branches'),
        branches++,
      ),
    )
  const counted = (expression) =>
    factory.createParenthesizedExpression(factory.createComma(hit(), expression))
  const block = (statement) =>
    factory.createBlock([
      factory.createExpressionStatement(hit()),
      ...(ts.isBlock(statement) ? statement.statements : [statement]),
    ])
  const transformer = (context) => {
    const visit = (node) => {
      const done = ts.visitEachChild(node, visit, context)
      if (ts.isIfStatement(done))
        return factory.updateIfStatement(
          done,
          done.expression,
          block(done.thenStatement),
          done.elseStatement && block(done.elseStatement),
        )
      if (ts.isForStatement(done))
        return factory.updateForStatement(
          done,
          done.initializer,
          done.condition,
          done.incrementor,
          block(done.statement),
        )
      if (ts.isForOfStatement(done))
        return factory.updateForOfStatement(
          done,
          done.awaitModifier,
          done.initializer,
          done.expression,
          block(done.statement),
        )
      if (ts.isWhileStatement(done))
        return factory.updateWhileStatement(done, done.expression, block(done.statement))
      if (ts.isCaseClause(done))
        return factory.updateCaseClause(done, done.expression, [
          factory.createExpressionStatement(hit()),
          ...done.statements,
        ])
      if (ts.isConditionalExpression(done))
        return factory.updateConditionalExpression(
          done,
          done.condition,
          done.questionToken,
          counted(done.whenTrue),
          done.colonToken,
          counted(done.whenFalse),
        )
      if (ts.isBinaryExpression(done) && optional.has(done.operatorToken.kind))
        return factory.updateBinaryExpression(done, done.left, done.operatorToken, counted(done.right))
      return done
    }
    return (file) => ts.visitNode(file, visit)
  }
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.ES2022, true)
  const [result] = ts.transform(file, [transformer]).transformed
  return ts.createPrinter().printFile(result)
}

const optional = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
])

/** The files of a folder, those in its folders too. */
const filesOf = (folder) =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.js'))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))

for (const path of filesOf(source)) {
  const to = join(copy, relative(source, path))
  const fuzzed = /^(message|header|uri|data|transport)\b/.test(relative(source, path))
  mkdirSync(dirname(to), { recursive: true })
  writeFileSync(to, fuzzed ? instrumented(path) : readFileSync(path))
}

const load = (path) => import(pathToFileURL(join(copy, path)).href)

const { parse, answerTo, validate, topVia, fields, get } = await load('message.js')
const { named, text: textHeader } = await load('header.js')
const { feed, start } = await load('transport/frame.js')
const Uri = await load('uri.js')

/** Milliseconds that one input of at most MAX octets may take, coverage being counted. */
const SLOW = 100
const MAX = 4096

const ensure = (is, what) => {
  if (!is) throw new Error(what)
}

/** What is true of every input. Each target throws when it is not. */
const targets = {
  parse: (text) => {
    const parsed = parse(text)
    const beside = parse(text, {}, Buffer.from(text, 'latin1'))
    ensure(JSON.stringify(beside) === JSON.stringify(parsed), 'octets beside the text change what it is')
    if (parsed._tag === 'Left') {
      ensure(!/\0|\r(?!\n)|(?<!\r)\n/.test(answerTo(parsed.left, 'tag') ?? ''), 'an answer breaks a line')
      return
    }
    const message = parsed.right
    const again = parse(message.text)
    ensure(again._tag === 'Right' && again.right.text === message.text, 'a message does not read again')
    ensure(topVia(message)._tag === 'Some', 'the top Via of a message that was accepted cannot be read')
    validate(message)
    for (const { name } of fields(message)) rewritten(named(name) ?? textHeader({ name }), message)
  },
  frame: (text) => {
    const limit = 2048
    const whole = said(feed(start, text, limit))
    const half = text.length >> 1
    const [state, first] = feed(start, text.slice(0, half), limit)
    ensure(state.text.length <= limit, 'the framer holds more than its limit')
    ensure(
      JSON.stringify(said(join2(first, feed(state, text.slice(half), limit)))) === JSON.stringify(whole),
      'cut differently',
    )
  },
  uri: (text) => {
    const parsed = Uri.parse(text)
    if (parsed._tag === 'Left') return
    const printed = Uri.print(parsed.right)
    ensure(printed._tag === 'Right', 'a URI that was read cannot be written')
    const again = Uri.parse(printed.right)
    ensure(again._tag === 'Right' && Uri.equals(parsed.right, again.right), 'a URI reads back as another')
    ensure(Uri.canonical(parsed.right) === Uri.canonical(again.right), 'equal URIs have two canonical forms')
  },
}

/** A value that was read can be written, and reads back as the same. */
const rewritten = (header, message) => {
  const value = get(header)(message)
  if (value._tag === 'None') return
  for (const each of header.list ? value.value : [value.value]) {
    const text = header.print(each)
    // A NUL may come in, escaped in quotes (RFC 4475 3.1.1.2); it does not go out.
    if (text._tag === 'Left' && JSON.stringify(each).includes('\\u0000')) continue
    ensure(text._tag === 'Right', `${header.name} was read and cannot be written`)
    ensure(!/[\r\n\0]/.test(text.right), `${header.name} breaks its line`)
  }
}

/** Frames but answers, of which half a question is one, up to where the framing broke. */
const said = ([, frames]) => {
  const broken = frames.findIndex(({ _tag }) => _tag === 'Broken')
  return (broken < 0 ? frames : frames.slice(0, broken + 1))
    .filter(({ _tag }) => _tag !== 'Pong')
    .map(essence)
}
const essence = ({ _tag, bytes }) => (_tag === 'Message' ? bytes : _tag)
const join2 = (first, [state, more]) => [state, [...first, ...more]]

const torture = join(root, 'test/fixtures/torture')
const messages = ['rfc4475', 'rfc5118'].flatMap((folder) =>
  readdirSync(join(torture, folder)).map((file) =>
    readFileSync(join(torture, folder, file), 'latin1').slice(0, MAX),
  ),
)
const uris = [
  'sip:alice:secret@atlanta.com:5060;transport=tcp;lr?subject=project%20x&priority=urgent',
  'sips:+1-212-555-1212:1234@[2001:db8::9:1]:5061;user=phone',
  'tel:7042;phone-context=example.com;ext=1',
  'tel:+358-555-1234567;postd=pp22;isub=1',
  'urn:service:sos',
  'http://www.example.com/a?b#c',
]
const seeds = {
  parse: messages,
  frame: [...messages, ...messages.map((text) => `\r\n\r\n${text}`)],
  uri: uris,
}

/** The strings that the code itself compares with are the words of the language. */
const words = [
  ...new Set([
    ...['\r\n', '\r\n\r\n', '\r\n ', '[::1]', '%00', '\xc3\xa9', '\0'],
    ...['message', 'header', 'uri']
      .flatMap((folder) => filesOf(join(source, folder)))
      .flatMap((path) =>
        [...readFileSync(path, 'utf8').matchAll(/'([^'\n\\]{1,24})'/g)].map(([, word]) => word),
      ),
  ]),
]

/** xorshift32: the same seed gives the same run. */
const dice = (seed) => {
  let s = seed >>> 0 || 1
  return (n) => {
    s ^= s << 13
    s ^= s >>> 17
    s ^= s << 5
    return (s >>> 0) % n
  }
}

const mutate = (text, corpus, roll) => {
  let out = text
  for (let n = 1 + roll(4); n > 0; n--) {
    const at = roll(out.length + 1)
    const what = roll(3) === 0 ? words[roll(words.length)] : String.fromCharCode(roll(256))
    const other = corpus[roll(corpus.length)]
    const from = roll(out.length + 1)
    switch (roll(6)) {
      case 0:
        out = out.slice(0, at) + what + out.slice(at)
        break
      case 1:
        out = out.slice(0, at) + what + out.slice(at + what.length)
        break
      case 2:
        out = out.slice(0, at) + out.slice(at + 1 + roll(16))
        break
      case 3:
        out = out.slice(0, at) + out.slice(from, from + roll(32)) + out.slice(at)
        break
      case 4:
        out = out.slice(0, at) + other.slice(roll(other.length + 1))
        break
      default:
        out = out.slice(0, at) + '[]:;@<>,=" \r\n%'[roll(15)] + out.slice(at)
    }
  }
  return out.slice(0, MAX)
}

/** How often, roughly: once, twice, three times, up to 7, 15, 31, 127, and more. */
const often = (n) => (n < 4 ? n : n < 8 ? 4 : n < 16 ? 5 : n < 32 ? 6 : n < 128 ? 7 : 8)

/** Whether this input did what none before has done; `seen` has a bit for each branch and how often. */
const isNew = (seen) => {
  let fresh = false
  for (let i = 0; i < branches; i++) {
    if (counters[i] === 0) continue
    const bit = 1 << often(counters[i])
    if ((seen[i] & bit) === 0) {
      seen[i] |= bit
      fresh = true
    }
  }
  return fresh
}

/** Runs one input; ends the process when it finds something. */
const run = (name, input) => {
  let found
  try {
    if (cost(name, input) > SLOW && Math.min(cost(name, input), cost(name, input)) > SLOW)
      found = `takes more than ${SLOW} ms`
  } catch (error) {
    found = error instanceof Error ? (error.stack ?? error.message) : String(error)
  }
  if (found === undefined) return
  console.error(`${name}: ${found}\n  input ${JSON.stringify(input)}`)
  process.exit(1)
}

/** Milliseconds of the processor, which others may keep busy. */
const cost = (name, input) => {
  const before = process.cpuUsage()
  targets[name](input)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}

const fuzz = (name, seconds, seed) => {
  const roll = dice(seed)
  const seen = new Uint16Array(branches)
  const corpus = []
  const explore = (input) => {
    counters.fill(0)
    run(name, input)
    if (isNew(seen) || corpus.length === 0) corpus.push(input)
  }
  for (const input of seeds[name]) explore(input)
  const end = performance.now() + seconds * 1000
  let runs = 0
  for (; performance.now() < end; runs++) explore(mutate(corpus[roll(corpus.length)], corpus, roll))
  const reached = seen.reduce((n, bits) => n + (bits === 0 ? 0 : 1), 0)
  console.log(
    `${name}: nothing found in ${runs} inputs, ${corpus.length} kept, ${reached} branches reached, seed ${seed}`,
  )
}

const [which = 'all', seconds = '60', seed = '1'] = process.argv.slice(2)
const chosen = which === 'all' ? Object.keys(targets) : [which]
if (chosen.some((name) => !(name in targets))) {
  console.error(`no target ${which}; there are ${Object.keys(targets).join(', ')}`)
  process.exit(2)
}
for (const name of chosen) fuzz(name, Number(seconds), Number(seed))
