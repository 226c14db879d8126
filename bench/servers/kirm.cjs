// The stack `sip` from npm as a UAS.
const sip = require('../peers/node_modules/sip')

const port = Number(process.argv[2])
sip.start({ port, address: '127.0.0.1', tcp: false }, (request) => {
  const tagged = () => {
    const response = sip.makeResponse(request, 200, 'OK')
    if (response.headers.to.params.tag === undefined)
      response.headers.to.params.tag = Math.random().toString(36).slice(2)
    return response
  }
  if (request.method === 'ACK') return
  if (request.method === 'INVITE') {
    sip.send(sip.makeResponse(request, 180, 'Ringing'))
    const answer = tagged()
    answer.headers.contact = [{ uri: `sip:bench@127.0.0.1:${port}` }]
    sip.send(answer)
    return
  }
  sip.send(tagged())
})
process.on('SIGUSR2', () => {
  globalThis.gc?.()
  const { heapUsed, external } = process.memoryUsage()
  console.log(`MEM ${JSON.stringify({ managed: heapUsed + external })}`)
})
console.log(`listening udp ${port}`)
