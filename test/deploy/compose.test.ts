import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { tokensFrom } from '../../dashboards/api/index.ts'
import { twinOf } from '../../runners/cli/command.ts'
import { startCommand } from '../../runners/cli/desk/start.ts'
import { compose, example, root, text } from './compose.ts'

// No Docker engine runs here: the files are held against each other, against the command and against the desk's settings.

const services = Object.entries(compose.services)
const dockerfile = text('Dockerfile')

describe('docker-compose.yml', () => {
  test('has everything that the desk can work with', () => {
    expect(Object.keys(compose.services)).toEqual(
      expect.arrayContaining(['kafka', 'registry', 'postgres', 'ollama', 'prometheus', 'grafana', 'desk']),
    )
  })

  test('names a version of each image, and each is watched for its health or ends by itself', () => {
    for (const [name, { image, build, healthcheck, restart }] of services) {
      if (build === undefined) expect(image, name).toMatch(/:v?\d+[\w.-]*$/)
      const watched = healthcheck !== undefined || (build !== undefined && dockerfile.includes('HEALTHCHECK'))
      expect(watched || restart === 'on-failure', name).toBe(true)
    }
  })

  test('waits only for services that are there, in a way that they can fulfil', () => {
    for (const [name, { depends_on = {} }] of services)
      for (const [other, { condition }] of Object.entries(depends_on)) {
        expect(compose.services[other], `${name} waits for ${other}`).toBeDefined()
        if (condition === 'service_completed_successfully') expect(compose.services[other]!.restart).toBe('on-failure')
      }
  })

  test('mounts only files that are there and volumes that are declared', () => {
    for (const [name, { volumes = [], secrets = [] }] of services) {
      for (const source of volumes.map(volume => volume.split(':')[0]!))
        expect(
          source.startsWith('.') ? existsSync(join(root, source)) : source in compose.volumes,
          `${name}: ${source}`,
        ).toBe(true)
      for (const secret of secrets) expect(compose.secrets[secret]?.environment, secret).toMatch(/^FRANZ_/)
    }
  })

  test('opens ports to this machine alone', () => {
    for (const [name, { ports = [] }] of services)
      for (const port of ports) expect(port, name).toMatch(/^127\.0\.0\.1:/)
  })

  test('asks for nothing that .env.example does not tell of', () => {
    const asked = [...text('docker-compose.yml').matchAll(/\$\{([A-Z_]+)/g)].map(([, name]) => name!)
    for (const name of asked) expect(Object.keys(example), name).toContain(name)
  })

  test('starts the desk by flags and variables that the command has', () => {
    const { command = [], environment = {}, read_only } = compose.services.desk!
    expect(command[0]).toBe('start')
    const flags = Object.keys(startCommand.flags)
    for (const flag of command.filter(word => word.startsWith('--'))) expect(flags).toContain(flag.slice(2))
    const known = new Set([...flags.map(twinOf), 'DATABASE_URL', 'OLLAMA_BASE_URL', 'OLLAMA_MODEL'])
    for (const name of Object.keys(environment)) expect([...known], name).toContain(name)
    expect(read_only).toBe(true)
  })
})

test('.env.example has tokens that the desk understands, and the hash is that of the token for Prometheus', () => {
  const [token] = tokensFrom(example.FRANZ_API_TOKENS!)
  expect(token).toMatchObject({ name: 'metrics', role: 'read' })
  expect(token!.hash).toBe(createHash('sha256').update(example.FRANZ_METRICS_TOKEN!).digest('hex'))
})

test('the image runs as a user who is not root, and asks itself how it is', () => {
  const last = dockerfile.slice(dockerfile.lastIndexOf('FROM '))
  expect(last).toMatch(/^USER node$/m)
  expect(last.indexOf('USER node')).toBeLessThan(last.indexOf('ENTRYPOINT'))
  expect(last).toContain('HEALTHCHECK')
  expect(last).toContain('http://127.0.0.1:8420/health')
  expect(last).not.toMatch(/g\+\+|-dev\b/)
})

test('Prometheus scrapes the desk where it listens, by the secret that it is given', () => {
  const [job] = (parse(text('dashboards/prometheus/prometheus.yml')) as { scrape_configs: Record<string, never>[] })
    .scrape_configs
  expect(job).toMatchObject({
    metrics_path: '/metrics',
    static_configs: [{ targets: ['desk:8420'] }],
    authorization: { credentials_file: '/run/secrets/metrics-token' },
  })
})
