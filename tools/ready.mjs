// Before `npm start`: installs and builds what is missing, using only Node's own modules.
import { execSync } from 'node:child_process'
import { install } from './install.mjs'

install('.')
execSync('npm run build --silent', { stdio: ['ignore', 'ignore', 'inherit'] })
