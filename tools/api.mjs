// Writes the public surface of every entry to etc/*.api.md, so that a change of it shows in the diff.
// With `--check` it writes nothing and fails when a report is not what the build says. Needs a build.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { install } from './install.mjs'

const root = resolve(import.meta.dirname, '..')
install(join(root, 'tools'))
const { Extractor, ExtractorConfig, ExtractorLogLevel } = await import('@microsoft/api-extractor')

const temporary = join(root, 'node_modules/.cache/api')
const { exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/**
 * `.` is reported in etc/sippet.api.md, `./node` in etc/sippet-node.api.md. An entry that is one namespace of `.`, as `./message`
 * is, stands in the report of that.
 */
const entries = Object.entries(exports)
  .filter(([, { types }]) => types?.endsWith('/index.d.ts') && existsSync(join(root, types)))
  .map(([entry, { types }]) => ({
    report: `sippet${entry.slice(1).replaceAll('/', '-')}`,
    types: join(root, types),
  }))

/** Silent about release tags (there is one kind of public) and about what a report shows anyway. */
const quiet = ['ae-missing-release-tag', 'ae-forgotten-export', 'ae-unresolved-link', 'ae-undocumented']

const config = ({ report, types }) =>
  ExtractorConfig.prepare({
    configObject: {
      projectFolder: root,
      mainEntryPointFilePath: types,
      compiler: {
        overrideTsconfig: { compilerOptions: { module: 'NodeNext', target: 'ES2022', types: ['node'] } },
      },
      apiReport: {
        enabled: true,
        reportFileName: `${report}.api.md`,
        reportFolder: join(root, 'etc'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      newlineKind: 'lf',
      messages: {
        compilerMessageReporting: { default: { logLevel: ExtractorLogLevel.Warning } },
        extractorMessageReporting: {
          default: { logLevel: ExtractorLogLevel.Warning },
          ...Object.fromEntries(quiet.map((id) => [id, { logLevel: ExtractorLogLevel.None }])),
        },
        tsdocMessageReporting: { default: { logLevel: ExtractorLogLevel.None } },
      },
    },
    configObjectFullPath: join(root, 'api-extractor.json'),
    packageJsonFullPath: join(root, 'package.json'),
  })

const checking = process.argv.includes('--check')
rmSync(temporary, { recursive: true, force: true })
mkdirSync(join(root, 'etc'), { recursive: true })
const changed = entries.filter((entry) => {
  const { apiReportChanged, succeeded } = Extractor.invoke(config(entry), {
    localBuild: !checking,
    messageCallback: (message) => {
      message.handled =
        message.logLevel === ExtractorLogLevel.Info || message.logLevel === ExtractorLogLevel.Verbose
    },
  })
  return checking ? apiReportChanged || !succeeded : false
})
changed.forEach(({ report }) =>
  console.error(`etc/${report}.api.md is not the surface as built: npm run api`),
)
process.exitCode = changed.length === 0 ? 0 : 1
