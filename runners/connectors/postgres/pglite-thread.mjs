// The thread that PGlite lives in: it blocks whatever thread it works in, so this one is its own.
import { parentPort, workerData } from 'node:worker_threads'
import { PGlite } from '@electric-sql/pglite'

const opening = PGlite.create(workerData.folder)
opening.then(
  () => parentPort.postMessage({ opened: true }),
  error => parentPort.postMessage({ opened: false, message: String(error?.message ?? error) }),
)

/** An error cannot cross threads with its fields: those that PostgreSQL gives it go by themselves. */
const failureOf = error => ({
  message: String(error?.message ?? error),
  ...{ code: error?.code, detail: error?.detail, constraint: error?.constraint, column: error?.column },
})

parentPort.on('message', async ({ id, sql, parameters }) => {
  try {
    const pglite = await opening
    if (sql === undefined) {
      await pglite.close()
      parentPort.postMessage({ id, rows: [] })
      return
    }
    const { rows, fields, affectedRows } = await pglite.query(sql, parameters)
    parentPort.postMessage({ id, rows, fields, affectedRows })
  } catch (error) {
    parentPort.postMessage({ id, failure: failureOf(error) })
  }
})
