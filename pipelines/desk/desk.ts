import type { Topology } from '../../topology/index.ts'
import { absturz } from './absturz.ts'
import akte from './akte.ts'
import apiAufbereitung from './api-aufbereitung.ts'
import discordAufbereitung from './discord-aufbereitung.ts'
import discordExportdienst from './discord-exportdienst.ts'
import { etikett } from './etikett.ts'
import kennzahlen from './kennzahlen.ts'
import mailAufbereitung from './mail-aufbereitung.ts'
import nummernausgabe from './nummernausgabe.ts'
import postgresExportdienst from './postgres-exportdienst.ts'
import { profileDefault } from './taxonomy/profiles.ts'
import type { Taxonomy } from './taxonomy/taxonomy.ts'

/** All services of the desk, in the order in which a ticket passes them; `failures` are topics that Absturz reads in place of `errors`. */
export const desk = (taxonomy: Taxonomy = profileDefault, failures: readonly string[] = []): readonly Topology[] => [
  discordAufbereitung,
  mailAufbereitung,
  apiAufbereitung,
  nummernausgabe,
  etikett(taxonomy),
  akte,
  kennzahlen,
  postgresExportdienst,
  discordExportdienst,
  absturz(failures),
]

export default desk()
