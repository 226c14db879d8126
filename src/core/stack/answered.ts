/** Where the answer to a wish stands among the outputs of its step. */
import type { Output } from '../events.js'

/** The answer to the application stands behind the orders to the shell and before all other news. */
export const answered = (outputs: readonly Output[], answer: Output): readonly Output[] => {
  const orders: Output[] = []
  for (const output of outputs) if (isOrder(output)) orders.push(output)
  orders.push(answer)
  if (orders.length <= outputs.length) for (const output of outputs) if (!isOrder(output)) orders.push(output)
  return orders
}

const isOrder = ({ _tag }: Output): boolean =>
  _tag === 'StopTimer' ||
  _tag === 'Transmit' ||
  _tag === 'StartTimer' ||
  _tag === 'Resolve' ||
  _tag === 'OpenFlow' ||
  _tag === 'CloseFlow'
