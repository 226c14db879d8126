// Node's own parser of HTTP heads, for scale: the same field lines behind start lines of HTTP that are as long.

/** What of a SIP message llhttp can read. */
export const asHttp = (text) => {
  const lineEnd = text.indexOf('\r\n')
  const line = text.slice(0, lineEnd)
  const start = line.startsWith('SIP/2.0 ')
    ? `HTTP/1.1${line.slice(7)}`
    : `POST /${'u'.repeat(lineEnd - 15)} HTTP/1.1`
  return start + text.slice(lineEnd)
}

/** A function that parses a message: the names and values of its fields as strings, or null. */
export const llhttp = () => {
  process.noDeprecation = true // of process.binding: there is no other way to it
  const { HTTPParser } = process.binding('http_parser')
  process.noDeprecation = false
  let fields = null
  const made = (kind) => {
    const parser = new HTTPParser()
    parser.initialize(kind, {})
    parser[HTTPParser.kOnHeadersComplete | 0] = (_major, _minor, headers) => {
      fields = headers
    }
    parser[HTTPParser.kOnBody | 0] = () => undefined
    parser[HTTPParser.kOnMessageComplete | 0] = () => undefined
    return parser
  }
  const request = made(HTTPParser.REQUEST)
  const response = made(HTTPParser.RESPONSE)
  return (octets) => {
    fields = null
    const read = (octets[0] === 0x48 ? response : request).execute(octets, 0, octets.length)
    return read === octets.length ? fields : null
  }
}
