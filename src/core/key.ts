/** What transactions are known by: `Key.parse`, `Key.show`, the literal `K`, equality, and keys of messages. */
export {
  type ClientKey,
  clientKey,
  clientKeyOfResponse,
  COOKIE as cookie,
  Eq,
  id,
  inviteKeyOfCancel,
  type Key,
  type ServerKey,
  serverKey,
} from './transaction/key.js'
export { K, type KeyError, parse, show } from './transaction/key-text.js'
export type { Legacy } from './transaction/legacy-key.js'
