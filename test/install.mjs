// Installs what the tests need beside the packages: see parts/install.ts.
import { register } from 'tsx/esm/api'

register()
await import('./parts/install.ts')
