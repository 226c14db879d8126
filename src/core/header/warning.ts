/** Warning (RFC 3261 20.43): `warn-code SP warn-agent SP warn-text`. */
import type { Bytes } from '../data/bytes.js'
import { quote, quoted } from '../data/quoted.js'
import { type Cursor, DIGIT, decimal, fail, skip, space, VALUE } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

/** What went wrong, by whose word. */
export interface Warning {
  /** Three digits, 100 to 999. */
  readonly code: number
  /** `hostport / pseudonym`, as written. */
  readonly agent: string
  /** What the quotes mean, UTF-8 octets. */
  readonly text: Bytes
}

export const warning: Header<Warning, true> = checked({
  name: 'Warning',
  list: true,
  shape: { record: 'Warning', fields: { code: 'number', agent: 'string', text: 'string' } },
  read: (c: Cursor): Warning | undefined => {
    const end = skip(c.text, c.at, c.end, DIGIT)
    const code = end - c.at === 3 ? decimal(c.text, c.at, end, 999) : -1
    if (code < 100) return fail(c, 'code of three digits expected')
    c.at = end
    space(c)
    const start = c.at
    c.at = skip(c.text, start, c.end, VALUE)
    if (c.at === start || start === end) return fail(c, 'space and agent expected')
    const agent = c.text.slice(start, c.at)
    space(c)
    const text = quoted(c, 'text')
    return text === undefined ? undefined : { code, agent, text }
  },
  write: ({ code, agent, text }: Warning): Bytes => `${code} ${agent} ${quote(text)}`,
})
