import { department, priority } from './shared.ts'
import type { Taxonomy } from './taxonomy.ts'

/** Questions and complaints of customers, by the team that answers them. */
export const customerSupport: Taxonomy = {
  name: 'customer-support',
  category: {
    values: [
      {
        name: 'BILLING',
        says: 'invoices, payments, refunds, prices',
        words: [
          ...[
            'invoice*',
            'refund*',
            'charged',
            'charge',
            'payment*',
            'paid',
            'card',
            'price*',
            'bill*',
            'subscription',
          ],
          ...[
            'rechnung*',
            'erstattung*',
            'abgebucht',
            'belastet',
            'zahlung*',
            'bezahl*',
            'preis*',
            'abo',
            'kreditkarte',
          ],
        ],
      },
      {
        name: 'SHIPPING',
        says: 'delivery, parcels, returns',
        words: [
          ...['delivery', 'deliver*', 'parcel*', 'package', 'shipping', 'tracking', 'return*', 'courier', 'damaged'],
          ...['lieferung*', 'paket*', 'versand*', 'sendung*', 'rücksend*', 'retoure*', 'bote', 'beschädigt'],
        ],
      },
      {
        name: 'ACCOUNT',
        says: 'login, password, address, data protection',
        words: [
          ...['login', 'log in', 'password', 'account', 'address', 'e-mail', 'profile', 'unsubscribe', 'privacy'],
          ...['anmeld*', 'passwort', 'konto', 'adresse', 'profil', 'abmelden', 'datenschutz'],
        ],
      },
      {
        name: 'PRODUCT',
        says: 'how it is used, what is broken, what is missing',
        words: [
          ...['broken', 'does not work', 'how do i', 'manual', 'screen', 'battery', 'warranty', 'spare part', 'size'],
          ...[
            'defekt',
            'kaputt',
            'funktioniert',
            'anleitung',
            'bildschirm',
            'akku',
            'garantie',
            'ersatzteil*',
            'größe',
          ],
        ],
      },
    ],
  },
  priority,
  type: {
    values: [
      {
        name: 'COMPLAINT',
        says: 'something went wrong',
        words: [
          ...[
            'wrong',
            'broken',
            'damaged',
            'twice',
            'never',
            'not arrived',
            'missing',
            'disappoint*',
            'late',
            'does not',
          ],
          ...['falsch*', 'kaputt', 'beschädigt', 'doppelt', 'nie', 'nicht angekommen', 'fehlt', 'enttäuscht', 'defekt'],
        ],
      },
      {
        name: 'REQUEST',
        says: 'something is to be done',
        words: [
          ...['please', 'cancel*', 'change', 'refund*', 'send me', 'exchange', 'i would like', 'i want'],
          ...['bitte', 'kündig*', 'ändern', 'erstatt*', 'schicken sie', 'umtausch*', 'möchte'],
        ],
      },
      {
        name: 'QUESTION',
        says: 'something is to be known',
        words: [
          ...['how', 'when', 'where', 'what', 'is it possible', 'do you', 'are you', 'can i', 'question'],
          ...['wie', 'wann', 'wo', 'was', 'kann ich', 'gibt es', 'haben sie', 'frage'],
        ],
      },
    ],
  },
  department,
}
