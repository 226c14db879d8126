/** What has been decoded is remembered: asked twice, a message is read once. */
import { expect, test } from 'vitest'
import { topVia } from '../../../src/core/message/head.js'
import * as Message from '../../../src/core/message.js'
import { requestText } from '../../support/messages.js'
import { accepted, some } from '../../support/parsed.js'

const request = accepted(requestText({ fields: ['Contact: <sip:a@b>'] }))

test('what was asked once is the same thing when it is asked again', () => {
  expect(topVia(request)).toBe(topVia(request))
  const contacts = some(Message.get('contact')(request))
  expect(some(Message.get('contact')(request))).toBe(contacts)
})
