// Tickets that nobody wrote, for demonstrations: believable, in several languages, always the same for the same numbers.

export interface MadeUp {
  readonly contact: string
  readonly subject: string
  readonly body: string
}

type Text = readonly [subject: string, body: string]

const english: readonly Text[] = [
  ['App crashes', 'Since the update the Android app crashes whenever I open my orders. I cannot work like this.'],
  [
    'Export is empty',
    'The CSV export of last month has only the headline and no rows, the report on the page is fine.',
  ],
  [
    'Certificate warning',
    'The browser warns that the certificate of the intranet expired yesterday, nobody can connect.',
  ],
  ['Dark mode', 'It would be nice to have a dark theme on the dashboard, I look at it all day.'],
  ['Charged twice', 'My card was charged twice for the same invoice. Please refund one of the two payments.'],
  ['Password reset', 'The password reset mail never arrives and my account is locked since this morning.'],
  ['Everything is down', 'The whole site has been unreachable for ten minutes, our customers see an error 503.'],
  ['Table cut off', 'In Safari the table is cut off on the right and does not scroll.'],
  ['Thank you', 'Your colleague was very kind and gave me a new password at once. Thank you and keep it up!'],
]

const german: readonly Text[] = [
  ['App stürzt ab', 'Die App auf meinem iPhone stürzt beim Öffnen der Kamera ab, seit gestern ist sie unbrauchbar.'],
  ['Rechnung falsch', 'Die Summe der Rechnung stimmt nicht, es wurde doppelt abgerechnet. Bitte prüfen.'],
  ['Server langsam', 'Der Server antwortet seit heute Mittag sehr langsam, manchmal gar nicht.'],
  [
    'Knopf ohne Wirkung',
    'Der Knopf zum Absenden im Formular der Webseite reagiert nicht, wenn das Browserfenster schmal ist.',
  ],
  ['Zugang für neue Kollegin', 'Bitte richten Sie für unsere neue Kollegin ein Konto ein, sie beginnt am Montag.'],
  ['WLAN bricht ab', 'Das WLAN im dritten Stock bricht mehrmals am Tag ab, nach einer Minute geht es wieder.'],
]

const french: readonly Text[] = [
  [
    'Connexion impossible',
    'Impossible de me connecter depuis ce matin, le site affiche une erreur 500 après le mot de passe.',
  ],
  ['Facture manquante', "Je n'ai pas reçu la facture du mois d'octobre, pouvez-vous me l'envoyer ?"],
  ["L'application se ferme", "L'application Android se ferme toute seule dès que j'ouvre une photo."],
]

const spanish: readonly Text[] = [
  ['El botón no funciona', 'El botón de pago de la página no responde en Firefox, con Chrome sí funciona.'],
  ['Pedido duplicado', 'El sistema creó dos veces el mismo pedido y me cobraron dos veces.'],
  ['Aplicación lenta', 'La aplicación del teléfono tarda más de un minuto en abrir la lista de tickets.'],
]

/** Every so many tickets one says too little to be labelled. */
const shortEvery = 23
const short: Text = ['', 'help!']

const texts: readonly Text[] = [...english, ...german, ...french, ...spanish]
const names = ['ada', 'grace', 'linus', 'margaret', 'edsger', 'barbara', 'ken', 'radia', 'donald', 'frances'] as const

/** The ticket of this number. `chance` gives numbers from 0 up to 1. */
export const madeUp = (number: number, chance: () => number): MadeUp => {
  const pick = <T>(from: readonly T[]): T => from[Math.floor(chance() * from.length)]!
  const [subject, body] = number % shortEvery === 0 ? short : pick(texts)
  return { contact: `${pick(names)}${number}`, subject, body }
}
