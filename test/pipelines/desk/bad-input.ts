// Records that no service of the desk can make a ticket of, and good ones beside them.

export const json = (value: unknown) => Buffer.from(JSON.stringify(value))
export const time = '2026-03-01T10:00:00.000Z'
export const discord = { message: 'The printer is on fire', username: 'ada', timestamp: time }
export const mail = { sender: 'Ada <ada@example.org>', subject: 'Printer', message: 'It is on fire.', timestamp: time }
export const api = { title: 'Printer', description: 'It is on fire.', userName: 'Ada', timestamp: time }

export type BadInput = readonly [
  what: string,
  topic: 'discordMSG' | 'mailMSG' | 'apiMSG',
  bytes: Uint8Array,
  reason: RegExp,
]

export const bad: readonly BadInput[] = [
  ['malformed JSON', 'discordMSG', Buffer.from('{"message": '), /neither framed Avro nor JSON/],
  ['nothing at all', 'discordMSG', Buffer.alloc(0), /neither framed Avro nor JSON/],
  ['no username', 'discordMSG', json({ message: 'help me please', timestamp: time }), /username/],
  ['a number for a message', 'discordMSG', json({ ...discord, message: 7 }), /message/],
  ['an empty message', 'discordMSG', json({ ...discord, message: ' \u0000 ' }), /message is empty/],
  ['a wrong time', 'discordMSG', json({ ...discord, timestamp: 'yesterday' }), /timestamp is "yesterday"/],
  ['a body of 1 MB', 'discordMSG', json({ ...discord, message: 'x'.repeat(1_000_000) }), /1000000 letters/],
  ['bytes that are no UTF-8', 'discordMSG', Buffer.from([0xff, 0xfe, 0x00]), /neither framed Avro nor JSON/],
  ['Avro of an unknown schema', 'discordMSG', Buffer.from([0, 0, 0, 99, 99, 1, 2]), /no schema of the id/],
  ['a mail without sender', 'mailMSG', json({ ...mail, sender: undefined }), /sender/],
  ['a mail without message', 'mailMSG', json({ ...mail, message: undefined }), /message/],
  ['a mail without timestamp', 'mailMSG', json({ ...mail, timestamp: undefined }), /timestamp/],
  ['a mail with malformed JSON', 'mailMSG', Buffer.from('<xml/>'), /neither framed Avro nor JSON/],
  ['a mail that was refused', 'mailMSG', json({ ...mail, message: '', refused: '1,204 parts' }), /1,204 parts/],
  ['a list for a ticket', 'apiMSG', json([]), /./],
  ['a ticket without description', 'apiMSG', json({ ...api, description: undefined }), /description/],
  ['an id that is no uuid', 'apiMSG', json({ ...api, ticketId: 'seven' }), /ticketId/],
]
