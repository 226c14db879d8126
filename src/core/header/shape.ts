/**
 * What the value of a header is made of, as data: the table of the headers is drawn from it, and a codec asks it
 * whether something that came from anywhere can be a value at all.
 */
export type Shape =
  | 'string'
  | 'number'
  | 'true'
  /** Exactly that string. */
  | { readonly only: string }
  | { readonly listOf: Shape }
  | { readonly oneOf: readonly Shape[] }
  /** A record by field; a field whose name ends in `?` may be absent. The name is for people. */
  | { readonly record: string; readonly fields: Readonly<Record<string, Shape>> }

/** Makes the question whether something is made so; ask it as often as you like. */
export const fits = (shape: Shape): ((u: unknown) => boolean) => {
  if (shape === 'true') return (u) => u === true
  if (typeof shape === 'string') return (u) => typeof u === shape
  if ('only' in shape) return (u) => u === shape.only
  if ('listOf' in shape) {
    const each = fits(shape.listOf)
    return (u) => Array.isArray(u) && u.every(each)
  }
  if ('oneOf' in shape) {
    const some = shape.oneOf.map(fits)
    return (u) => some.some((one) => one(u))
  }
  const fields = Object.entries(shape.fields).map(([key, field]) => {
    const isOptional = key.endsWith('?')
    return { key: isOptional ? key.slice(0, -1) : key, isOptional, of: fits(field) }
  })
  return (u) =>
    typeof u === 'object' &&
    u !== null &&
    fields.every(({ key, isOptional, of }) => {
      const value = (u as Record<string, unknown>)[key]
      return value === undefined ? isOptional : of(value)
    })
}

/** The shape in words, `{ display?, uri, params }`. */
export const describe = (shape: Shape): string => {
  if (typeof shape === 'string') return shape
  if ('only' in shape) return `'${shape.only}'`
  if ('oneOf' in shape) return shape.oneOf.map(describe).join(' or ')
  if ('listOf' in shape) return `${describe(shape.listOf)}[]`
  return shape.record
}

export const paramsShape: Shape = {
  listOf: { record: 'Param', fields: { name: 'string', 'value?': 'string', 'quoted?': 'true' } },
}

const uriParams: Shape = {
  listOf: { record: 'UriParam', fields: { name: 'string', 'value?': 'string' } },
}

export const uriShape: Shape = {
  oneOf: [
    {
      record: 'SipUri',
      fields: {
        _tag: { only: 'Sip' },
        scheme: { oneOf: [{ only: 'sip' }, { only: 'sips' }] },
        'user?': 'string',
        'password?': 'string',
        host: 'string',
        'port?': 'number',
        params: uriParams,
        headers: uriParams,
      },
    },
    { record: 'TelUri', fields: { _tag: { only: 'Tel' }, number: 'string', params: uriParams } },
    { record: 'AbsoluteUri', fields: { _tag: { only: 'Absolute' }, scheme: 'string', rest: 'string' } },
  ],
}
