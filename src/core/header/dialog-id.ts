/** Headers that point at a dialog: `callid *( SEMI param )` (RFC 3891 6.1, RFC 3911 7.1, RFC 4538 7). */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, isToken, sameLetters } from '../data/scan.js'
import { readCallId } from './call-id.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import { type Params, readParams, valueOf, writeParams } from './params.js'
import { paramsShape } from './shape.js'

/** A dialog by its Call-ID and, among the parameters, its tags. */
export interface DialogId {
  readonly callId: Bytes
  readonly params: Params
}

/** `required` are the parameters of which the header "MUST contain exactly one" each. */
export const dialogId = (name: string, required: readonly string[]): Header<DialogId, false> =>
  checked({
    name,
    list: false,
    shape: { record: 'DialogId', fields: { callId: 'string', params: paramsShape } },
    read: (c: Cursor): DialogId | undefined => {
      const callId = readCallId(c)
      const params = callId === undefined ? undefined : readParams(c)
      if (callId === undefined || params === undefined) return undefined
      for (const tag of required) {
        if (params.filter((param) => sameLetters(param.name, tag)).length !== 1)
          return fail(c, `exactly one ${tag} expected`)
        if (!isToken(valueOf(params, tag) ?? '')) return fail(c, `${tag} is no token`)
      }
      return { callId, params }
    },
    write: ({ callId, params }: DialogId): Bytes => `${callId}${writeParams(params)}`,
  })
