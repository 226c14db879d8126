/** Names that an application gives to its requests, to know the answers by. */

export type Ref = string | number

/** The name as a key of a table; 1 and "1" are two names. */
export const keyOf = (ref: Ref): string => (typeof ref === 'number' ? `${ref}` : `"${ref}`)
