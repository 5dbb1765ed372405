import type { LabelField } from './taxonomy.ts'

/** How urgent: the same words in every profile. */
export const priority: LabelField = {
  values: [
    {
      name: 'CRITICAL',
      says: 'down for everybody, data lost or deleted, or a hole in security',
      words: [
        ...['outage', 'everything is down', 'all customers', 'whole site', 'data loss', 'lost', 'deleted', 'leak*'],
        ...['security', 'breach*', 'hacked', 'unreachable', 'emergency'],
        ...['totalausfall', 'ausfall', 'steht still', 'verloren', 'gelöscht', 'datenverlust', 'sicherheitslücke*'],
        ...['gehackt', 'notfall', 'kein server', 'lebensgefahr', 'evacuat*', 'fire', 'feuer'],
      ],
    },
    {
      name: 'HIGH',
      says: 'somebody cannot work, or money is lost',
      words: [
        ...['cannot work', 'cannot use', 'cannot connect', 'cannot log in', 'blocked', 'urgent*', 'asap'],
        ...['crash*', 'expired', 'locked', 'impossible', 'nobody can', 'at once', 'immediately'],
        ...['kann nicht arbeiten', 'nicht möglich', 'stürzt', 'abgelaufen', 'gesperrt', 'niemand kann', 'dringend*'],
        ...['sofort', 'nichts mehr', 'serverfehler', 'charged twice', 'doppelt belastet'],
      ],
    },
    {
      name: 'MEDIUM',
      says: 'it hinders, and there is a way around',
      words: [
        ...[
          'lenta',
          'lento',
          'tarda',
          'slow*',
          'by hand',
          'work around',
          'workaround',
          'sometimes',
          'after a reconnect',
        ],
        ...['save time', 'often', 'no longer'],
        ...['langsam*', 'von hand', 'manchmal', 'mehrmals', 'falsch'],
      ],
    },
    {
      name: 'LOW',
      says: 'a blemish or a wish',
      words: [
        ...[
          'typo*',
          'cosmetic',
          'nice to have',
          'would be nice',
          'no hurry',
          'when there is some time',
          'overlap*',
          'blurred',
        ],
        ...['would love', 'minor', 'dark mode', 'dark theme', 'please add'],
        ...['tippfehler', 'schön, wenn', 'schön wenn', 'eilt nicht', 'bei gelegenheit', 'unscharf', 'wunsch*'],
        ...['zu klein'],
      ],
    },
    {
      name: 'NULL',
      says: 'nothing is wrong and nothing is wanted soon',
      words: [
        ...['thanks', 'thank you', 'lovely', 'keep it up', 'just wanted to say', 'well done'],
        ...['vielen dank', 'danke', 'lob', 'gefällt uns', 'weiter so'],
      ],
    },
  ],
  otherwise: 'MEDIUM',
}

/** Who in a company looks after it. */
export const department: LabelField = {
  values: [
    {
      name: 'IT Support',
      says: 'computers, programs, accounts, networks',
      words: [
        ...['login', 'log in', 'password', 'computer', 'laptop', 'printer', 'vpn', 'network', 'wifi', 'server*', 'app'],
        ...['software', 'browser', 'error', 'crash*', 'bug', 'website', 'page', 'api', 'database', 'account', 'phone'],
        ...['anmeld*', 'passwort', 'rechner', 'drucker', 'netz*', 'wlan', 'programm*', 'fehler*', 'seite', 'datenbank'],
        ...["l'application", 'erreur*', 'mot de passe', 'la aplicación', 'botón', 'página*', 'contraseña*'],
        ...['android*', 'iphone*', 'formular', 'safari', 'firefox', 'dark theme', 'konto'],
      ],
    },
    {
      name: 'HR',
      says: 'employment, holidays, salaries, applications',
      words: [
        ...[
          'vacation',
          'holiday',
          'payroll',
          'salary',
          'sick leave',
          'contract',
          'job application',
          'onboarding',
          'parental',
        ],
        ...['urlaub*', 'gehalt*', 'krankmeldung', 'arbeitsvertrag', 'bewerbung*', 'elternzeit', 'personal*'],
      ],
    },
    {
      name: 'Facilities',
      says: 'buildings, rooms, heating, furniture',
      words: [
        ...[
          'heating',
          'light',
          'toilet',
          'elevator',
          'lift',
          'door',
          'desk',
          'chair',
          'room',
          'air conditioning',
          'key card',
        ],
        ...['heizung', 'licht', 'toilette', 'aufzug', 'tür', 'stuhl', 'raum', 'klimaanlage', 'schlüssel', 'fenster'],
      ],
    },
    {
      name: 'Finance',
      says: 'invoices, payments, refunds, expenses',
      words: [
        ...['invoice*', 'bill*', 'payment*', 'refund*', 'charged', 'expense*', 'tax', 'price*', 'paid'],
        ...['rechnung*', 'zahlung*', 'bezahl*', 'erstattung*', 'abgebucht', 'spesen', 'steuer*', 'preis*', 'abrechn*'],
        ...['facture*', 'cobraron', 'factura*'],
      ],
    },
    { name: 'General', says: 'everything else', words: [] },
  ],
  otherwise: 'General',
}
