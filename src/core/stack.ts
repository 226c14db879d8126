/** The stack as one pure reducer: `Stack.reducer(config)` and its first state `Stack.start(config)`; `Stack.config(secret)` is one. */
export {
  type Bounds,
  defaultBounds,
  type FlowConfig,
  type LayerConfig,
  layerConfig,
} from './layer/config.js'
export type { Role } from './layer/receive-response.js'
export type { ClientEntry, Entry, Layer, Running, ServerEntry } from './layer/state.js'
export { secretOf, type Secret } from './data/hash.js'
export { type Observation, observations } from './stack/observe.js'
export { config, type StackChoices } from './stack/config.js'
export { reducer } from './stack/reducer.js'
export { type StackConfig, type State, start } from './stack/state.js'
