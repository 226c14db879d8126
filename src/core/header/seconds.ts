/** Headers that are a time span and parameters: Session-Expires and Min-SE (RFC 4028), Retry-After (RFC 3261 20.33). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, decimal, fail, number, space } from '../data/scan.js'
import { checked } from './checked.js'
import { readComment, writeComment } from './comment.js'
import type { Header } from './define.js'
import { find, type Params, readParams, valueOf, writeParams } from './params.js'
import { paramsShape } from './shape.js'
import type { Names } from './token.js'

/** A time span: `1800;refresher=uac`. */
export interface Seconds {
  readonly seconds: number
  readonly params: Params
}

/** When to try again: `18000 (in a meeting);duration=3600`. */
export interface RetryAfter extends Seconds {
  /** What the parentheses mean, inner ones included; absent when there are none. */
  readonly comment?: Bytes
}

/** `delta-seconds *( SEMI generic-param )`; a refresher has a value. */
export const seconds = (names: Names): Header<Seconds, false> =>
  checked({
    ...names,
    list: false,
    shape: { record: 'Seconds', fields: { seconds: 'number', params: paramsShape } },
    read: (c: Cursor): Seconds | undefined => {
      const span = number(c, 'seconds', 0xffffffff)
      const params = span === undefined ? undefined : readParams(c)
      if (span === undefined || params === undefined) return undefined
      const refresher = find(params, 'refresher')
      if (refresher !== undefined && refresher.value === undefined)
        return fail(c, 'refresher without a value')
      return { seconds: span, params }
    },
    write: (value: Seconds): Bytes => `${value.seconds}${writeParams(value.params)}`,
  })

/** `delta-seconds [ comment ] *( SEMI retry-param )` */
export const retryAfter: Header<RetryAfter, false> = checked({
  name: 'Retry-After',
  list: false,
  shape: {
    record: 'RetryAfter',
    fields: { seconds: 'number', 'comment?': 'string', params: paramsShape },
  },
  read: (c: Cursor): RetryAfter | undefined => {
    const span = number(c, 'seconds', 0xffffffff)
    if (span === undefined) return undefined
    space(c)
    const comment = c.text.charCodeAt(c.at) === 0x28 && c.at < c.end ? readComment(c) : undefined
    const params = c.fault === undefined ? readParams(c) : undefined
    if (params === undefined) return undefined
    return comment === undefined ? { seconds: span, params } : { seconds: span, comment, params }
  },
  write: ({ seconds, comment, params }: RetryAfter): Bytes =>
    `${seconds}${comment === undefined ? '' : ` ${writeComment(comment)}`}${writeParams(params)}`,
})

/** For how many seconds the callee will be there after that (`duration`); `undefined` if not said in a number. */
export const duration = (value: RetryAfter): number | undefined => {
  const text = valueOf(value.params, 'duration') ?? ''
  const span = decimal(text, 0, text.length, 0xffffffff)
  return span < 0 ? undefined : span
}
