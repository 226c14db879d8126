/** Every message of the shared corpus by its manifest. */
import { readdirSync, readFileSync } from 'node:fs'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { answerTo } from '../../../src/core/message/error.js'
import { parse } from '../../../src/core/message/parse.js'
import * as Message from '../../../src/core/message.js'
import { corpus } from '../../support/corpus.js'
import { disagreements, type Facts } from '../../support/facts.js'
import { noShared, shared } from '../../support/shared.js'

interface Row {
  readonly file: string
  readonly verdict: string
  readonly expected: string
  readonly facts: Facts
  readonly severity: string
}

const rows: readonly Row[] = corpus('messages/manifest').map((columns) => ({
  file: columns[0] as string,
  verdict: columns[1] as string,
  expected: columns[2] as string,
  facts: JSON.parse(Buffer.from(columns[3] as string, 'latin1').toString('utf8')) as Facts,
  severity: columns[11] as string,
}))

const textOf = (file: string): string => readFileSync(`${shared}/corpus/messages/${file}`, 'latin1')

/** Where we do otherwise than the manifest says, and why. Fewer than 1 in 200. */
const exceptions: Readonly<Record<string, string>> = {
  'invalid/resiprocate__data1.sip': 'no start line to tell a request by: the first line is `To: …`; dropped',
  'invalid/resiprocate__data3.sip': 'no start line to tell a request by: the first line is `Via: …`; dropped',
}

describe.skipIf(noShared)('the messages of the shared corpus', () => {
  test('exceptions are fewer than 1 in 200 of about 800', () => {
    expect(rows.length).toBeGreaterThan(800)
    expect(Object.keys(exceptions).length * 200).toBeLessThan(rows.length)
  })

  test('valid: each is accepted with the facts of the manifest', () => {
    const valid = rows.filter(({ verdict }) => verdict === 'valid')
    expect(valid.length).toBeGreaterThan(600)
    const wrong = valid.flatMap(({ file, facts }) => {
      const { trailing_octets: _, ...rest } = facts
      const parsed = parse(textOf(file))
      if (isLeft(parsed)) return [`${file}: ${parsed.left.field ?? ''} ${parsed.left.what}`]
      return disagreements(parsed.right, rest).map((line) => `${file}: ${line}`)
    })
    expect(wrong).toEqual([])
  })

  test('invalid: each that must be is refused with its status', () => {
    const invalid = rows.filter(({ severity }) => severity === 'must-reject')
    expect(invalid.length).toBeGreaterThan(40)
    const wrong = invalid.flatMap(({ file, expected, facts }) => {
      const parsed = parse(textOf(file))
      if (isRight(parsed)) return [`${file}: accepted`]
      if (file in exceptions) return []
      // An ACK is never answered (17.1.1.3), nor is a response.
      const dropped = expected === 'drop' || facts['method'] === 'ACK'
      const status = dropped ? undefined : Number(expected.slice('reject:'.length))
      return parsed.left.status === status ? [] : [`${file}: ${parsed.left.status}, not ${status}`]
    })
    expect(wrong).toEqual([])
  })

  test('invalid or unusual: each is a message or an error with an answer, without a throw', () => {
    const odd = rows.filter(({ verdict }) => verdict !== 'valid')
    expect(odd.length).toBeGreaterThan(100)
    for (const { file } of odd) {
      const parsed = parse(textOf(file))
      if (isLeft(parsed)) expect(answerTo(parsed.left) ?? 'SIP/2.0 ').toMatch(/^SIP\/2\.0 /)
      else Message.validate(parsed.right)
    }
  })

  test('protos: hostile mutations end in an answer; those that are valid are accepted once their length is', () => {
    const folders = readdirSync(`${shared}/corpus/messages/protos`)
    const files = folders.flatMap((folder) =>
      readdirSync(`${shared}/corpus/messages/protos/${folder}`).map((file) => `protos/${folder}/${file}`),
    )
    expect(files.length).toBeGreaterThan(100)
    for (const file of files) {
      const parsed = parse(textOf(file))
      if (isLeft(parsed)) answerTo(parsed.left)
      else Message.validate(parsed.right)
    }
    for (const [file = '', verdict] of corpus('messages/protos-manifest'))
      if (verdict === 'valid')
        expect(isRight(parse(textOf(file), { limits: { field: 16_384 } })), file).toBe(true)
  })

  test('valid: each prints octet by octet as it came, up to its end', () => {
    for (const { file, facts } of rows.filter(({ verdict }) => verdict === 'valid')) {
      const text = textOf(file)
      const parsed = parse(text)
      const start = text.search(/[^\r\n]/)
      const trailing = (facts['trailing_octets'] as number | undefined) ?? 0
      expect(isRight(parsed) && parsed.right.text, file).toBe(text.slice(start, text.length - trailing))
    }
  })

  test('valid: with one field edited, every other octet stays', () => {
    for (const { file } of rows.filter(({ verdict }) => verdict === 'valid')) {
      const parsed = parse(textOf(file))
      if (isLeft(parsed)) throw new Error(file)
      const before = parsed.right
      const edited = Message.put('max-forwards', 42)(before)
      if (isLeft(edited)) throw new Error(file)
      const after = edited.right.text
      const had = Message.has('max-forwards')(before)
      const same = before.text.length - after.length
      const field = /^max-forwards[^:]*:\s*(\d+)/im.exec(after)
      const at = field?.index ?? -1
      expect(field?.[1], file).toBe('42')
      expect(after.slice(0, at), file).toBe(before.text.slice(0, at))
      const rest = after.slice(at + (field as RegExpExecArray)[0].length)
      expect(before.text.endsWith(rest), file).toBe(true)
      expect(had || same === -'Max-Forwards: 42\r\n'.length, file).toBe(true)
      expect(Message.parse(after), file).toEqual({ _tag: 'Right', right: edited.right })
    }
  })
})
