// Tickets that were written after the keyword rules, all at once, and labelled before anybody looked which of them the rules
// miss. No rule was changed because of them, and none may be: whoever wants to improve the rules looks at `golden`. At first
// the rules found 19 % of their categories, 31 % of their priorities and 6 % of their types: that is what keywords are worth
// on words that nobody foresaw, and why they say so, and ask for a person, where they find nothing.

import type { GoldenTicket, Row } from './golden.ts'

const english: readonly Row[] = [
  [
    'FRONT',
    'MEDIUM',
    'BUG',
    'Calendar jumps back',
    'Whenever I pick a date in the calendar widget it jumps back to today. I type the date instead.',
  ],
  ['FRONT', 'LOW', 'BUG', 'Icons too dim', 'The grey icons in the sidebar are hard to see on a bright screen.'],
  [
    'FRONT',
    'LOW',
    'FEATURE_REQUEST',
    'Remember my sorting',
    'It would be handy if the overview kept the sort order I chose last time.',
  ],
  [
    'FRONT',
    'HIGH',
    'BUG',
    'Checkout page stays empty',
    'Since this morning the checkout stays white in every browser we tried, and customers leave without paying.',
  ],
  [
    'BACK',
    'HIGH',
    'BUG',
    'Payments not booked',
    'Money arrives from the card provider but is not assigned to any customer since Monday, so we keep reminding people who have paid.',
  ],
  [
    'BACK',
    'MEDIUM',
    'BUG',
    'Duplicate confirmation mails',
    'Customers get the confirmation mail twice when they change their address while ordering.',
  ],
  [
    'BACK',
    'LOW',
    'FEATURE_REQUEST',
    'More filters in the interface',
    'Your interface lets me list tickets by status only. Filtering by date as well would spare us a lot of calls.',
  ],
  [
    'BACK',
    'CRITICAL',
    'BUG',
    'I see the data of strangers',
    'After signing in I was shown the bills and addresses of another company. Please stop this before anybody else sees ours.',
  ],
  [
    'INFRA',
    'CRITICAL',
    'BUG',
    'Nothing answers any more',
    'None of your services has responded for ten minutes, from any of our offices, the status page is dead as well.',
  ],
  [
    'INFRA',
    'HIGH',
    'BUG',
    'Mail does not leave the house',
    'Our relay rejects all outgoing mail since its key was rotated; offers cannot be sent.',
  ],
  [
    'INFRA',
    'MEDIUM',
    'BUG',
    'Nightly copy takes too long',
    'The nightly copy of the databases now runs into the working day and makes the morning sluggish.',
  ],
  [
    'INFRA',
    'LOW',
    'FEATURE_REQUEST',
    'Second test environment',
    'A second test environment would let two teams try their versions at the same time. Whenever you get round to it.',
  ],
  [
    'MOBILE',
    'HIGH',
    'BUG',
    'Scanner screen freezes',
    'On my Pixel the screen freezes as soon as I scan the first parcel; our drivers are standing still.',
  ],
  [
    'MOBILE',
    'MEDIUM',
    'BUG',
    'Battery empty by noon',
    'With your application running in the background my Galaxy is empty by noon. Closing it helps.',
  ],
  [
    'MOBILE',
    'LOW',
    'FEATURE_REQUEST',
    'Widget for the home screen',
    'I would like a small widget for the home screen that shows how many tasks are open.',
  ],
  [
    'MOBILE',
    'NULL',
    'FEATURE_REQUEST',
    'Nice work',
    'The new version on my iPad is a pleasure to use. Nothing to complain about, I only wanted you to know.',
  ],
]

const german: readonly Row[] = [
  [
    'FRONT',
    'MEDIUM',
    'BUG',
    'Auswahl springt zurück',
    'Beim Ausfüllen springt die Auswahl des Landes immer wieder auf Deutschland zurück, beim zweiten Versuch klappt es.',
  ],
  [
    'FRONT',
    'LOW',
    'BUG',
    'Überschrift verrutscht',
    'Auf dem kleinen Bildschirm steht die Überschrift halb hinter dem Logo.',
  ],
  [
    'FRONT',
    'LOW',
    'FEATURE_REQUEST',
    'Größere Vorschau',
    'Eine größere Vorschau der Bilder in der Übersicht fände ich angenehm.',
  ],
  [
    'FRONT',
    'HIGH',
    'BUG',
    'Absenden nicht möglich',
    'Im Antrag lässt sich nichts mehr absenden, der Bereich unten bleibt grau. Wir können keine Anträge einreichen.',
  ],
  [
    'BACK',
    'HIGH',
    'BUG',
    'Mahnungen an alle',
    'Das System verschickt Mahnungen an Kunden, die längst gezahlt haben. Das Telefon steht nicht still.',
  ],
  [
    'BACK',
    'MEDIUM',
    'BUG',
    'Suche findet alte Namen',
    'Nach einer Umbenennung findet die Suche den Kunden nur unter dem alten Namen; über die Nummer geht es.',
  ],
  [
    'BACK',
    'LOW',
    'FEATURE_REQUEST',
    'Zweite Adresse',
    'Es wäre praktisch, wenn man zu einem Kunden eine zweite Lieferadresse hinterlegen könnte.',
  ],
  [
    'BACK',
    'CRITICAL',
    'BUG',
    'Buchungen verschwunden',
    'Seit dem Jahreswechsel fehlen sämtliche Buchungen des Dezembers, auch in der Auswertung. Wir brauchen sie für das Finanzamt.',
  ],
  [
    'INFRA',
    'CRITICAL',
    'BUG',
    'Rechenzentrum ohne Strom',
    'Nach dem Gewitter ist das Rechenzentrum dunkel, kein System läuft, auch der Notstrom sprang nicht an.',
  ],
  [
    'INFRA',
    'HIGH',
    'BUG',
    'Kein Zugriff aus dem Homeoffice',
    'Die Einwahl von zu Hause klappt seit der Umstellung bei keinem mehr von uns, wir sitzen untätig daheim.',
  ],
  [
    'INFRA',
    'MEDIUM',
    'BUG',
    'Uhrzeiten gehen nach',
    'Auf zwei Rechnern im Serverraum geht die Uhr nach, dadurch sortieren sich die Protokolle verkehrt.',
  ],
  [
    'INFRA',
    'LOW',
    'FEATURE_REQUEST',
    'Warnung vor vollem Laufwerk',
    'Schön wäre eine Nachricht, bevor ein Laufwerk voll ist, und nicht erst danach.',
  ],
  [
    'MOBILE',
    'HIGH',
    'BUG',
    'Anmeldung mit Fingerabdruck',
    'Auf dem neuen Samsung komme ich mit dem Fingerabdruck nicht mehr hinein, eine andere Möglichkeit bietet die App mir nicht an.',
  ],
  [
    'MOBILE',
    'MEDIUM',
    'BUG',
    'Fotos auf dem Kopf',
    'Fotos, die ich quer aufnehme, kommen im Bericht auf dem Kopf an. Ich drehe sie dann am Rechner.',
  ],
  [
    'MOBILE',
    'LOW',
    'FEATURE_REQUEST',
    'Größere Tasten',
    'Mit Handschuhen treffe ich die kleinen Tasten auf dem Tablet schlecht, größere wären gut.',
  ],
  ['MOBILE', 'NULL', 'FEATURE_REQUEST', 'Lob', 'Die neue Fassung fürs Telefon läuft prima, weiter so!'],
]

export const later: readonly GoldenTicket[] = (
  [
    ['en', english],
    ['de', german],
  ] as const
).flatMap(([language, rows]) =>
  rows.map(([category, priority, type, subject, body]) => ({
    ...{ language, subject, body, category, priority, type },
    heldOut: true,
  })),
)
