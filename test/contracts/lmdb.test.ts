import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, test } from 'vitest'
import { Environment } from '../../runners/lmdb/environment.ts'
import { LmdbStores } from '../../runners/lmdb/store.ts'
import { durableStoreContract, storeContract } from '../../topology/testing.ts'

const environment = Environment.open(mkdtempSync(join(tmpdir(), 'franz-store-')))
const stores = new LmdbStores(environment)
afterAll(() => environment.close())

const subject = { open: (name: string) => stores.open(name) }
for (const { name, run } of [...storeContract(subject), ...durableStoreContract(subject)]) test(name, run)
