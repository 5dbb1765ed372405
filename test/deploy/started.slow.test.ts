import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePorts, startChild } from '../parts/child.ts'
import { startKafka } from '../parts/kafka.ts'
import { lacks } from '../parts/parts.ts'
import { freshDatabase, sharedPostgres } from '../parts/postgres.ts'
import { newFolder } from '../runners/cli/folder.ts'
import { served } from '../schemas/registry/served.ts'
import { compose, example, root, text } from './compose.ts'

// No Docker engine runs here: what the containers would run is run with their settings, beside the parts that can be had.

const temporary = () => mkdtempSync(join(tmpdir(), 'franz-deploy-'))
/** Where a container listens and keeps its files is its own business. */
const ofContainers = /LISTENER|ADVERTISED|PROCESS_ROLES|NODE_ID|QUORUM|LOG_DIRS/

/** The settings of the broker in docker-compose.yml, by the names that Kafka's image makes of them. */
const brokerSettings = Object.fromEntries(
  Object.entries(compose.services.kafka!.environment!).flatMap(([name, value]) =>
    ofContainers.test(name)
      ? []
      : [
          [
            name
              .replace(/^KAFKA_/, '')
              .toLowerCase()
              .replaceAll('_', '.'),
            value,
          ],
        ],
  ),
)

/** As compose reads them: variables in braces are those of `.env`. */
const filledIn = (value: string | number): string =>
  String(value).replace(/\$\{([A-Z_]+)(?::[?-][^}]*)?\}/g, (_, name: string) => example[name] ?? '')

/** The container that registers the schemas, as it runs in the folder of the image. */
const registerSchemas = async (registry: string): Promise<void> => {
  const { command = [] } = compose.services.schemas!
  const env = { ...process.env, FRANZ_REGISTRY: registry }
  await promisify(execFile)(process.execPath, [join(root, 'bin/franz.mjs'), ...command], { cwd: root, env })
}

const startDesk = async (addresses: Readonly<Record<string, string>>) => {
  const { command = [], environment = {} } = compose.services.desk!
  const set = Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, filledIn(value)]))
  const tokens = { FRANZ_API_TOKENS: example.FRANZ_API_TOKENS! }
  // The variables of the image.
  const image = { NODE_ENV: 'production', FRANZ_LOG_FORMAT: 'json', UV_THREADPOOL_SIZE: '16' }
  const { start } = newFolder()
  const desk = start(`${command.join(' ')} --port 0`, undefined, { ...image, ...tokens, ...set, ...addresses })
  onTestFinished(() => {
    if (desk.child.exitCode === null) desk.signal('SIGKILL')
  })
  const [, port] = await desk.says(/dashboard +http:\/\/[^:]+:(\d+)/)
  return { desk, port: port! }
}

/** Prometheus with our file, told where the desk and the secret are on this machine. */
const startPrometheus = async (desk: string) => {
  const folder = temporary()
  const secret = join(folder, 'metrics-token')
  writeFileSync(secret, example.FRANZ_METRICS_TOKEN!)
  const file = join(folder, 'prometheus.yml')
  const ours = text('dashboards/prometheus/prometheus.yml')
  writeFileSync(
    file,
    ours
      .replace('/run/secrets/metrics-token', secret)
      .replace('desk:8420', desk)
      .replace('scrape_interval: 10s', 'scrape_interval: 1s'),
  )
  execFileSync('promtool', ['check', 'config', file])
  const [port] = await freePorts(1)
  const prometheus = await startChild({
    ...{ name: 'Prometheus', program: 'prometheus', log: join(folder, 'output.log') },
    args: [
      `--config.file=${file}`,
      `--storage.tsdb.path=${join(folder, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    ready: async () => (await fetch(`http://127.0.0.1:${port}/-/ready`).catch(() => undefined))?.ok === true,
  })
  onTestFinished(() => prometheus.stop())
  return async (query: string): Promise<readonly { readonly value: readonly [number, string] }[]> => {
    const answer = await fetch(`http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(query)}`)
    return ((await answer.json()) as { data: { result: { value: [number, string] }[] } }).data.result
  }
}

describe.skipIf(lacks('kafka', 'kafka client', 'postgres', 'prometheus'))('what the containers run, run here', () => {
  test('the desk comes up by its command and settings, is healthy by its own check, and Prometheus reads its figures', async () => {
    const kafka = await startKafka({ settings: brokerSettings })
    onTestFinished(() => kafka.stop())
    const registry = await served()
    onTestFinished(() => registry.stop())
    await registerSchemas(registry.url)
    const { desk, port } = await startDesk({
      ...{ FRANZ_BROKERS: kafka.bootstrap, FRANZ_REGISTRY: registry.url },
      DATABASE_URL: await freshDatabase(await sharedPostgres(), 'composed'),
    })

    const [, check] = /HEALTHCHECK[\s\S]*?CMD (\[.*\])/.exec(text('Dockerfile'))!
    const [program, ...args] = (JSON.parse(check!) as string[]).map(word => word.replace(':8420/', `:${port}/`))
    await expect
      .poll(() => promisify(execFile)(program!, args).then(() => 'healthy', String), { timeout: 60_000 })
      .toBe('healthy')

    const ask = await startPrometheus(`127.0.0.1:${port}`)
    let up = await ask('up{job="franz"}')
    for (; up[0]?.value[1] !== '1'; up = await ask('up{job="franz"}')) await sleep(100)
    const figures = await ask('{job="franz", __name__=~"franz_.*"}')
    expect(figures.length).toBeGreaterThan(10)

    desk.signal('SIGTERM')
    expect(await desk.ended).toBe(0)
  })
})
