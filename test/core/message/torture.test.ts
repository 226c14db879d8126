/** RFC 4475 and RFC 5118, message by message: what each must be taken for, and what it says. */
import { isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, test } from 'vitest'
import { answerTo } from '../../../src/core/message/error.js'
import { fromTag } from '../../../src/core/message/head.js'
import { parse } from '../../../src/core/message/parse.js'
import { disagreements } from '../../support/facts.js'
import { type Torture, torture, tortureText } from '../../support/torture.js'

const named = (file: string): Torture => {
  const found = torture.find((each) => each.file.endsWith(`/${file}.dat`))
  if (found === undefined) throw new Error(`no message ${file}`)
  return found
}

test('there are 49 messages of RFC 4475 and 12 of RFC 5118', () => {
  expect(torture.filter(({ file }) => file.startsWith('rfc4475/'))).toHaveLength(49)
  expect(torture.filter(({ file }) => file.startsWith('rfc5118/'))).toHaveLength(12)
})

describe.each(torture.filter(({ verdict }) => verdict === 'accept'))('$file ($section) $title', (message) => {
  test('is accepted, and says what it says', () => {
    const parsed = parse(tortureText(message))
    if (!isRight(parsed)) throw new Error(parsed.left.what)
    expect(disagreements(parsed.right, message.facts)).toEqual([])
  })

  test('prints octet by octet as it came, but for what follows its end', () => {
    const text = tortureText(message)
    const parsed = parse(text)
    const printed = isRight(parsed) ? parsed.right.text : ''
    expect(text.startsWith(printed)).toBe(true)
    expect(text.length - printed.length).toBe(message.file === 'rfc4475/dblreq.dat' ? 450 : 0)
  })
})

describe.each(torture.filter(({ verdict }) => verdict === 'reject'))('$file ($section) $title', (message) => {
  test(`is refused: ${message.status ?? 'dropped'}`, () => {
    const parsed = parse(tortureText(message))
    if (isRight(parsed)) throw new Error('it was accepted')
    expect(parsed.left.status ?? null).toBe(message.status)
    const answer = answerTo(parsed.left)
    if (message.status === null) expect(answer).toBeUndefined()
    else expect(answer?.startsWith(`SIP/2.0 ${message.status} `)).toBe(true)
  })
})

/** Where the RFC leaves the choice, ours, and why. */
const choices: Readonly<Record<string, string>> = {
  ltgtruri: 'the Request-URI holds what no URI may',
  lwsruri: 'the Request-URI holds what no URI may',
  // "must not propagate" the extra spaces: a message is its octets, so they would go on.
  lwsstart: 'the Request-URI holds what no URI may',
  trws: 'not method, URI and SIP/2.0 with one space between',
  escruri: 'the Request-URI has headers',
  badaspec: 'a URI with a scheme expected',
  baddn: 'the head has no end',
  // Only whoever reads the Date or the Contact sees what is wrong.
  baddate: 'accepted',
  regbadct: 'accepted',
}

describe.each(torture.filter(({ verdict }) => verdict === 'either'))('$file ($section) $title', (message) => {
  test('is taken as we chose, among what the RFC allows', () => {
    const parsed = parse(tortureText(message))
    const choice = choices[message.file.slice('rfc4475/'.length, -'.dat'.length)]
    expect(isRight(parsed) ? 'accepted' : parsed.left.what).toBe(choice)
    if (isRight(parsed)) expect(disagreements(parsed.right, message.facts)).toEqual([])
    else expect(parsed.left.status).toBe(400)
  })
})

test('baddn with the line end that the archive forgot is accepted, and its display names are listed', () => {
  const parsed = parse(tortureText({ ...named('baddn'), file: 'rfc4475/baddn-terminated.dat' }))
  if (!isRight(parsed)) throw new Error(parsed.left.what)
  expect(parsed.right.deviations.map(({ field, what }) => `${field}: ${what}`)).toEqual([
    'From: a display name that needs quotes has none',
    'To: a display name that needs quotes has none',
  ])
  expect(fromTag(parsed.right)).toBe('43')
})

test('3.1.1.5: an escape in a method is no escape: RE%47IST%45R is another method than REGISTER', () => {
  const parsed = parse(tortureText(named('esc02')))
  expect(isRight(parsed) && parsed.right._tag === 'Request' && parsed.right.method).toBe('RE%47IST%45R')
})
