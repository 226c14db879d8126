/**
 * Whether two values of plain data are the same: what the writers of this library ask when they have read back what
 * they wrote. How a string was quoted is not part of what it is, so `quoted` does not count.
 */
export const same = (a: unknown, b: unknown): boolean => {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]))
  if (Array.isArray(b)) return false
  const x = a as Record<string, unknown>
  const y = b as Record<string, unknown>
  for (const key in x) if (key !== 'quoted' && !same(x[key], y[key])) return false
  for (const key in y) if (key !== 'quoted' && y[key] !== undefined && x[key] === undefined) return false
  return true
}
