import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'

/** Files in PEM by their names, as `client.key`. */
export type Certificates = (name: string) => string

/** In an empty folder: an authority of our own, a certificate for localhost, and one for the client of that name. */
export const makeCertificates = async (folder: string, client: string): Promise<Certificates> => {
  const openssl = (...args: string[]) => promisify(execFile)('openssl', args, { cwd: folder })
  const short = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
  await openssl('req', '-x509', ...short, '-subj', '/CN=desk authority', '-keyout', 'ca.key', '-out', 'ca.pem')
  for (const [name, subject] of [
    ['server', '/CN=localhost'],
    ['client', `/CN=${client}`],
  ] as const) {
    const extra = ['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-CA', 'ca.pem', '-CAkey', 'ca.key']
    await openssl('req', '-x509', ...short, '-subj', subject, ...extra, '-keyout', `${name}.key`, '-out', `${name}.pem`)
  }
  return name => join(folder, name)
}
