// Skips every test that is not named after a row of the conformance table.
import { beforeEach } from 'vitest'

beforeEach(({ task, skip }) => {
  if (!/^[A-Z]+-\d+[ :]/.test(task.name)) skip()
})
