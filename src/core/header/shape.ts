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

/** Whether `u` is made so. */
export const fits = (shape: Shape, u: unknown): boolean => {
  if (shape === 'true') return u === true
  if (typeof shape === 'string') return typeof u === shape
  if ('only' in shape) return u === shape.only
  if ('oneOf' in shape) return shape.oneOf.some((each) => fits(each, u))
  if ('listOf' in shape) return Array.isArray(u) && u.every((each) => fits(shape.listOf, each))
  if (typeof u !== 'object' || u === null) return false
  return Object.entries(shape.fields).every(([key, field]) => {
    const optional = key.endsWith('?')
    const value = (u as Record<string, unknown>)[optional ? key.slice(0, -1) : key]
    return value === undefined ? optional : fits(field, value)
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

export const paramShape: Shape = {
  record: 'Param',
  fields: { name: 'string', 'value?': 'string', 'quoted?': 'true' },
}

export const paramsShape: Shape = { listOf: paramShape }

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
