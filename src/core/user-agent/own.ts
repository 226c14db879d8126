/** How a helper knows its own wishes again: it puts its name in front of their refs. */
import type { Ref } from '../events.js'

/** A ref of the helper `name`; `what` tells it which. */
export const own = (name: string, what = ''): Ref => `${name} ${what}`

/** Whether a ref is one of the helper `name`. */
export const isOwn = (name: string, ref: Ref): boolean =>
  typeof ref === 'string' &&
  ref.length > name.length &&
  ref.charCodeAt(name.length) === SPACE &&
  ref.startsWith(name)

/** What a ref says behind the name of the helper, or undefined when it is another's. */
export const ownOf = (name: string, ref: Ref): string | undefined =>
  typeof ref === 'string' && isOwn(name, ref) ? ref.slice(name.length + 1) : undefined

/** Whether what has a ref was wished, or is told, by the helper of that name. */
export const ours =
  (name: string) =>
  ({ ref }: { readonly ref: Ref }): boolean =>
    isOwn(name, ref)

const SPACE = 0x20
