import { test } from 'vitest'
import { logContract, MemoryLog, MemoryStore, storeContract } from '../../topology/testing.ts'

const clock = { now: () => 1_000 }

for (const { name, run } of storeContract({ open: () => new MemoryStore() })) test(name, run)
for (const { name, run } of logContract({ open: () => new MemoryLog(clock), members: 'several' })) test(name, run)
