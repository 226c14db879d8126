/** Certificates made when the tests begin: an authority, and what it vouches for. No key is kept anywhere. */
import { generate } from 'selfsigned'
import type { Credentials } from '../../../src/shell/node/tls.js'

/** A name in the subjectAltName: DNS, URI or IP. */
export type Name = { readonly dns: string } | { readonly uri: string } | { readonly ip: string }

interface Authority {
  readonly cert: string
  readonly key: string
}

const DAY = 86_400_000

/** A certificate authority. */
export const authority = async (): Promise<Authority> => {
  const made = await generate([{ name: 'commonName', value: 'test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    curve: 'P-256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, cRLSign: true, critical: true },
    ],
  })
  return { cert: made.cert, key: made.private }
}

/** Credentials for `names`, vouched for by `by`, or by nobody but themselves; they trust `by`. */
export const credentials = async (
  names: readonly Name[],
  by: Authority,
  how: { readonly expired?: true; readonly selfSigned?: true } = {},
): Promise<Credentials> => {
  const made = await generate([{ name: 'commonName', value: 'test' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    curve: 'P-256',
    ...(how.selfSigned === true ? {} : { ca: { key: by.key, cert: by.cert } }),
    notBeforeDate: new Date(Date.now() - 3 * DAY),
    notAfterDate: new Date(Date.now() + (how.expired === true ? -DAY : DAY)),
    extensions: [
      { name: 'basicConstraints', cA: false },
      {
        name: 'subjectAltName',
        altNames: names.map((name) =>
          'dns' in name
            ? { type: 2, value: name.dns }
            : 'uri' in name
              ? { type: 6, value: name.uri }
              : { type: 7, ip: name.ip },
        ),
      },
    ],
  })
  return { cert: made.cert, key: made.private, ca: by.cert }
}
