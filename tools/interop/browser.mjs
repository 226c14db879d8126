export const runs = []
