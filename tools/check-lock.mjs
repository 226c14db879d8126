// Fails when a lock would fail elsewhere: when it names a registry's address, or lacks a package for another platform
// (npm leaves those out in silence when the registry does not have them, and `npm ci` then stops).
import { readFileSync } from 'node:fs'

/** The places in which npm looks for `name` as seen from the package at `at`, innermost first. */
const places = (at, name) => {
  const here = `${at === '' ? '' : `${at}/`}node_modules/${name}`
  return at === ''
    ? [here]
    : [here, ...places(at.slice(0, Math.max(0, at.lastIndexOf('node_modules/') - 1)), name)]
}

const faults = (file) => {
  const { packages } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries(packages).flatMap(([at, entry]) => [
    ...(entry.resolved === undefined ? [] : [`${file}: ${at} has an address`]),
    ...Object.keys(entry.optionalDependencies ?? {})
      .filter((name) => !places(at, name).some((place) => place in packages))
      .map((name) => `${file}: ${name}, optional for ${at}, is missing`),
  ])
}

const inexact = (file) => {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(readFileSync(file, 'utf8'))
  return Object.entries({ ...dependencies, ...devDependencies })
    .filter(([, version]) => !/^(npm:.+@)?\d+\.\d+\.\d+$/.test(version))
    .map(([name, version]) => `${file}: ${name} ${version} is not an exact version`)
}

const folders = process.argv.slice(2)
const found = folders.flatMap((folder) => [
  ...faults(`${folder}/package-lock.json`),
  ...inexact(`${folder}/package.json`),
])
found.forEach((fault) => console.error(fault))
process.exitCode = found.length === 0 ? 0 : 1
