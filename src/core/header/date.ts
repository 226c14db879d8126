/** Date (RFC 3261 20.17): `rfc1123-date = wkday "," SP date1 SP time SP "GMT"`, in plain arithmetic. */
import type { Bytes } from '../data/bytes.js'
import { type Cursor, decimal, fail, sameLetters } from '../data/scan.js'
import { checked } from './checked.js'
import type { Header } from './define.js'

/**
 * The Date header as seconds since 1970-01-01 00:00:00 GMT, negative before. Refuses a day that its month does not
 * have, a weekday that is not that day's, and any zone but GMT ("Unlike HTTP/1.1, SIP only supports … GMT").
 */
export const date: Header<number, false> = checked({
  name: 'Date',
  list: false,
  shape: 'number',
  read: (c: Cursor): number | undefined => {
    const { text, at } = c
    if (c.end - at !== 29) return fail(c, 'date of the form "Sat, 13 Nov 2010 23:29:00 GMT" expected')
    const digits = (from: number, length: number, max: number): number =>
      decimal(text, at + from, at + from + length, max)
    const word = (from: number, length: number): string => text.slice(at + from, at + from + length)
    const day = digits(5, 2, 31)
    const month = months.findIndex((name) => sameLetters(name, word(8, 3)))
    const year = digits(12, 4, 9999)
    const [hour, minute, second] = [digits(17, 2, 23), digits(20, 2, 59), digits(23, 2, 59)]
    const marks =
      word(3, 2) + word(7, 1) + word(11, 1) + word(16, 1) + word(19, 1) + word(22, 1) + word(25, 1)
    if (marks !== ',    :: ' || year < 0 || hour < 0 || minute < 0 || second < 0)
      return fail(c, 'date of the form "Sat, 13 Nov 2010 23:29:00 GMT" expected')
    if (!sameLetters(word(26, 3), 'gmt')) return fail(c, 'GMT expected', at + 26)
    if (month < 0) return fail(c, 'month expected', at + 8)
    if (day < 1 || day > daysBefore(year, month + 1) - daysBefore(year, month))
      return fail(c, 'the month has no such day', at + 5)
    const days = daysBefore(year, month) + day - 1
    if (!sameLetters(word(0, 3), weekday(days))) return fail(c, 'not the weekday of that day', at)
    c.at = c.end
    return ((days * 24 + hour) * 60 + minute) * 60 + second
  },
  write: (seconds: number): Bytes => {
    if (!(seconds >= FIRST && seconds <= LAST)) return '' // which reads back as nothing
    const days = Math.floor(seconds / 86400)
    const { year, month, day } = civil(days)
    const rest = seconds - days * 86400
    const time = [Math.floor(rest / 3600), Math.floor(rest / 60) % 60, rest % 60].map(two).join(':')
    return `${weekday(days)}, ${two(day)} ${months[month] ?? ''} ${String(year).padStart(4, '0')} ${time} GMT`
  },
})

/** The first second of the year 0 and the last of 9999: what four digits can say. */
const FIRST = -62_167_219_200
const LAST = 253_402_300_799

const months: readonly string[] = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const weekdays: readonly string[] = 'Thu Fri Sat Sun Mon Tue Wed'.split(' ') // 1970-01-01 was a Thursday

const weekday = (days: number): string => weekdays[((days % 7) + 7) % 7] ?? ''

const two = (n: number): string => String(n).padStart(2, '0')

/**
 * The days from 1970-01-01 to the first of a month, 0 for January and 12 for that of the next year. A year that begins
 * in March has its leap day at its end, and 153 days in every five months.
 */
const daysBefore = (year: number, month: number): number => {
  const y = month < 2 ? year - 1 : year
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return y * 365 + leaps + Math.floor((153 * ((month + 10) % 12) + 2) / 5) - 719468
}

/** The day that is so many days after 1970-01-01. */
const civil = (days: number): { readonly year: number; readonly month: number; readonly day: number } => {
  let year = 1970 + Math.floor(days / 365.2425)
  while (daysBefore(year, 0) > days) year--
  while (daysBefore(year, 12) <= days) year++
  let month = 0
  while (daysBefore(year, month + 1) <= days) month++
  return { year, month, day: days - daysBefore(year, month) + 1 }
}
