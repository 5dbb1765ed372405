import { type Served, serve } from '../../../dashboards/api/index.ts'
import { ticketEvents } from '../../../schemas/desk/topics.ts'
import { portTaken } from '../../host/http/port-owner.ts'
import { metricsText, PortTaken } from '../../host/index.ts'
import type { DashboardOptions } from './dashboard-flags.ts'
import { readingDatabase } from './ports/database.ts'
import { DeskDeadLetters } from './ports/dead-letters.ts'
import { intakeOf } from './ports/intake.ts'
import { healthOf, pipelineOf } from './ports/pipeline.ts'
import { storyOf } from './ports/story.ts'
import { TopicReader } from './reader.ts'
import type { DeskOptions, RunningDesk } from './run-desk.ts'
import { TopicWriter } from './writer.ts'

/** Serves the Armaturenbrett of a running desk. */
export const serveDesk = async (
  { opened, registry, settings, logs }: DeskOptions,
  { running, database, failedMs, fileOf, filedBefore }: RunningDesk,
  { databaseRole, ...options }: DashboardOptions,
): Promise<Served> => {
  const { log, operations } = opened
  const reading = readingDatabase(database, settings.databaseUrl, databaseRole)
  const events = await TopicReader.open(log, registry, ticketEvents)
  const served = await serve(
    {
      database: reading,
      intake: intakeOf(new TopicWriter(log, operations, registry), filedBefore, fileOf),
      story: storyOf(log.id, events, fileOf),
      pipeline: pipelineOf(opened, running),
      deadLetters: new DeskDeadLetters(opened, registry),
      health: healthOf(running, failedMs),
      metrics: () => metricsText(running.map(({ watch }) => watch)),
    },
    {
      ...options,
      logger: logs.logger.child({ part: 'dashboard' }, { level: 'warn' }),
    },
  ).catch(error => {
    throw error.code === 'EADDRINUSE' ? new PortTaken(portTaken(options.port, '--port')) : error
  })
  return {
    url: served.url,
    async close() {
      await served.close()
      await reading.close()
    },
  }
}
