/** Resource-Priority and Accept-Resource-Priority (RFC 4412 3.1, 3.2): `r-value = namespace "." r-priority`. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, fail, token } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'
import type { ListNames } from './token.js'

/** A priority and the list it is from: `ets.0`. Both are compared without regard to case. */
export interface ResourcePriority {
  readonly namespace: string
  readonly priority: string
}

const resource = (names: ListNames): Header<ResourcePriority, true> =>
  checked({
    ...names,
    list: true,
    shape: { record: 'ResourcePriority', fields: { namespace: 'string', priority: 'string' } },
    read: (c: Cursor): ResourcePriority | undefined => {
      const start = c.at
      const value = token(c, 'priority')
      if (value === undefined) return undefined
      const parts = value.split('.') // "token-nodot": exactly one dot, and something on both sides of it
      const [namespace = '', priority = ''] = parts
      if (parts.length !== 2 || namespace === '' || priority === '')
        return fail(c, 'namespace and priority with one dot between expected', start)
      return { namespace, priority }
    },
    write: ({ namespace, priority }: ResourcePriority): Bytes => `${namespace}.${priority}`,
  })

export const resourcePriority: Header<ResourcePriority, true> = resource({ name: 'Resource-Priority' })
export const acceptResourcePriority: Header<ResourcePriority, true> = resource({
  name: 'Accept-Resource-Priority',
  mayBeEmpty: true,
})
