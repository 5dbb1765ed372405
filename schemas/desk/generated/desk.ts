// Made by `franz schemas generate`: change the schema and run it again.
// From ../apiMSG.avsc
// From ../discord-channels.avsc
// From ../discordMSG.avsc
// From ../errors.avsc
// From ../mailMSG.avsc
// From ../ticket-counts.avsc
// From ../ticket-events.avsc
// From ../tickets-formatted.avsc
// From ../tickets-labeled.avsc
// From ../types/confidence-source.avsc
// From ../types/dead-letter.avsc
// From ../types/label-source.avsc
// From ../types/mail-kind.avsc
// From ../types/origin.avsc
// From ../types/source-position.avsc
// From ../types/status.avsc
// From ../types/ticket-created.avsc
// From ../types/ticket-dead-lettered.avsc
// From ../types/ticket-exported.avsc
// From ../types/ticket-labelled.avsc
import { avro, type Format, type Uuid } from '../../index.ts'

/** A ticket filed over HTTP. The key is the ticket id. Unframed JSON of this shape is read too. */
export interface ApiMessage {
  /** What it is about, in one line. */
  readonly title: string
  /** What the user wrote. */
  readonly description: string
  /** Who filed it. */
  readonly userName: string
  /**
   * Where to answer.
   * @default null
   */
  readonly userEmail: null | string
  /** When it was received, in ISO 8601. */
  readonly timestamp: string
  /**
   * The id the caller was given; null where a producer files without the API.
   * @default null
   */
  readonly ticketId: null | Uuid
  /**
   * The caller's own key: the same on every repetition.
   * @default null
   */
  readonly idempotencyKey: null | string
  /**
   * Demo for tickets that are made up.
   * @default "API"
   */
  readonly origin: Origin
}

/** A ticket filed over HTTP. The key is the ticket id. Unframed JSON of this shape is read too. */
export interface ApiMessageInput {
  /** What it is about, in one line. */
  readonly title: string
  /** What the user wrote. */
  readonly description: string
  /** Who filed it. */
  readonly userName: string
  /**
   * Where to answer.
   * @default null
   */
  readonly userEmail?: null | string | undefined
  /** When it was received, in ISO 8601. */
  readonly timestamp: string
  /**
   * The id the caller was given; null where a producer files without the API.
   * @default null
   */
  readonly ticketId?: null | Uuid | undefined
  /**
   * The caller's own key: the same on every repetition.
   * @default null
   */
  readonly idempotencyKey?: null | string | undefined
  /**
   * Demo for tickets that are made up.
   * @default "API"
   */
  readonly origin?: Origin | undefined
}

export const apiMessage: Format<ApiMessage, ApiMessageInput> = avro<ApiMessage, ApiMessageInput>(
  '{"type":"record","name":"desk.ApiMessage","doc":"A ticket filed over HTTP. The key is the ticket id. Unframed JSON of this shape is read too.","fields":[{"name":"title","type":"string","doc":"What it is about, in one line."},{"name":"description","type":"string","doc":"What the user wrote."},{"name":"userName","type":"string","doc":"Who filed it."},{"name":"userEmail","type":["null","string"],"default":null,"doc":"Where to answer."},{"name":"timestamp","type":"string","doc":"When it was received, in ISO 8601."},{"name":"ticketId","type":["null",{"type":"string","logicalType":"uuid"}],"default":null,"doc":"The id the caller was given; null where a producer files without the API."},{"name":"idempotencyKey","type":["null","string"],"default":null,"doc":"The caller\'s own key: the same on every repetition."},{"name":"origin","type":{"type":"enum","name":"desk.Origin","doc":"The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.","symbols":["Unknown","Discord","Email","API","Demo"],"default":"Unknown"},"default":"API","doc":"Demo for tickets that are made up."}]}',
)

/**
 * What a confidence rests on: Measured from the model's probabilities, SelfReported by the model in words, Keywords from how many of them were found.
 * A symbol that is not known is read as `Unknown`.
 */
export type ConfidenceSource = 'Unknown' | 'Measured' | 'SelfReported' | 'Keywords' | 'None'

export const confidenceSourceSymbols: readonly ConfidenceSource[] = ['Unknown', 'Measured', 'SelfReported', 'Keywords', 'None']

/** A dead letter as it is shown and exported. The dead-letter topics themselves hold the original bytes and headers, with what is told here in more headers, so that a dead letter can be sent again unchanged. */
export interface DeadLetter {
  /** The record that could not be processed. */
  readonly source: SourcePosition
  /** Its value, byte for byte; null where it had none. */
  readonly original: null | Uint8Array
  /**
   * Its headers, byte for byte.
   * @default {}
   */
  readonly headers: { readonly [key: string]: Uint8Array }
  /** The service that gave up, such as Etikett. */
  readonly service: string
  /** What was wrong, in a sentence. */
  readonly error: string
  /**
   * The stack trace, where the cause was an exception.
   * @default null
   */
  readonly stack: null | string
  /**
   * How often it was tried, over all times it was sent again.
   * @default 1
   */
  readonly attempts: number
  /**
   * When it was given up.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly timestamp: number
}

/** A dead letter as it is shown and exported. The dead-letter topics themselves hold the original bytes and headers, with what is told here in more headers, so that a dead letter can be sent again unchanged. */
export interface DeadLetterInput {
  /** The record that could not be processed. */
  readonly source: SourcePositionInput
  /** Its value, byte for byte; null where it had none. */
  readonly original: null | Uint8Array
  /**
   * Its headers, byte for byte.
   * @default {}
   */
  readonly headers?: { readonly [key: string]: Uint8Array } | undefined
  /** The service that gave up, such as Etikett. */
  readonly service: string
  /** What was wrong, in a sentence. */
  readonly error: string
  /**
   * The stack trace, where the cause was an exception.
   * @default null
   */
  readonly stack?: null | string | undefined
  /**
   * How often it was tried, over all times it was sent again.
   * @default 1
   */
  readonly attempts?: number | undefined
  /**
   * When it was given up.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly timestamp: number
}

export const deadLetter: Format<DeadLetter, DeadLetterInput> = avro<DeadLetter, DeadLetterInput>(
  '{"type":"record","name":"desk.DeadLetter","doc":"A dead letter as it is shown and exported. The dead-letter topics themselves hold the original bytes and headers, with what is told here in more headers, so that a dead letter can be sent again unchanged.","fields":[{"name":"source","type":{"type":"record","name":"desk.SourcePosition","doc":"The record that something was made from.","fields":[{"name":"topic","type":"string","doc":"The topic it stands in."},{"name":"partition","type":"int","doc":"The partition of that topic."},{"name":"offset","type":"long","doc":"Its offset in the partition."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key: the interaction id, the message id, the idempotency key."}]},"doc":"The record that could not be processed."},{"name":"original","type":["null","bytes"],"doc":"Its value, byte for byte; null where it had none."},{"name":"headers","type":{"type":"map","values":"bytes"},"default":{},"doc":"Its headers, byte for byte."},{"name":"service","type":"string","doc":"The service that gave up, such as Etikett."},{"name":"error","type":"string","doc":"What was wrong, in a sentence."},{"name":"stack","type":["null","string"],"default":null,"doc":"The stack trace, where the cause was an exception."},{"name":"attempts","type":"int","default":1,"doc":"How often it was tried, over all times it was sent again."},{"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was given up."}]}',
)

/** The channel of a ticket on Discord. The key is the ticket's id; the topic is compacted, so it is the map of what was made there. */
export interface DiscordChannel {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /** The server. */
  readonly guildId: string
  /** The channel, or the thread where the server had no room for a channel. */
  readonly channelId: string
  /** The message that shows the ticket. */
  readonly messageId: string
  /**
   * Whether it is a thread.
   * @default false
   */
  readonly thread: boolean
  /**
   * When it was made.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
}

/** The channel of a ticket on Discord. The key is the ticket's id; the topic is compacted, so it is the map of what was made there. */
export interface DiscordChannelInput {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /** The server. */
  readonly guildId: string
  /** The channel, or the thread where the server had no room for a channel. */
  readonly channelId: string
  /** The message that shows the ticket. */
  readonly messageId: string
  /**
   * Whether it is a thread.
   * @default false
   */
  readonly thread?: boolean | undefined
  /**
   * When it was made.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
}

export const discordChannel: Format<DiscordChannel, DiscordChannelInput> = avro<DiscordChannel, DiscordChannelInput>(
  '{"type":"record","name":"desk.DiscordChannel","doc":"The channel of a ticket on Discord. The key is the ticket\'s id; the topic is compacted, so it is the map of what was made there.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"guildId","type":"string","doc":"The server."},{"name":"channelId","type":"string","doc":"The channel, or the thread where the server had no room for a channel."},{"name":"messageId","type":"string","doc":"The message that shows the ticket."},{"name":"thread","type":"boolean","default":false,"doc":"Whether it is a thread."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was made."}]}',
)

/** A /ticket as Discord sent it. The key is the interaction id. Unframed JSON of this shape is read too; the first three fields suffice. */
export interface DiscordMessage {
  /** What the user wrote. */
  readonly message: string
  /** The user's name on Discord. */
  readonly username: string
  /** When it was sent, in ISO 8601 as Discord gave it; milliseconds since 1970 are read too. */
  readonly timestamp: string | bigint
  /**
   * Discord's id of the interaction: the same on every repetition.
   * @default null
   */
  readonly interactionId: null | string
  /**
   * Discord's id of the user, which outlives a change of name.
   * @default null
   */
  readonly userId: null | string
  /**
   * The server it came from; null for a direct message.
   * @default null
   */
  readonly guildId: null | string
  /**
   * The channel it came from.
   * @default null
   */
  readonly channelId: null | string
  /**
   * The user's language, such as de or en-GB.
   * @default null
   */
  readonly locale: null | string
}

/** A /ticket as Discord sent it. The key is the interaction id. Unframed JSON of this shape is read too; the first three fields suffice. */
export interface DiscordMessageInput {
  /** What the user wrote. */
  readonly message: string
  /** The user's name on Discord. */
  readonly username: string
  /** When it was sent, in ISO 8601 as Discord gave it; milliseconds since 1970 are read too. */
  readonly timestamp: string | bigint
  /**
   * Discord's id of the interaction: the same on every repetition.
   * @default null
   */
  readonly interactionId?: null | string | undefined
  /**
   * Discord's id of the user, which outlives a change of name.
   * @default null
   */
  readonly userId?: null | string | undefined
  /**
   * The server it came from; null for a direct message.
   * @default null
   */
  readonly guildId?: null | string | undefined
  /**
   * The channel it came from.
   * @default null
   */
  readonly channelId?: null | string | undefined
  /**
   * The user's language, such as de or en-GB.
   * @default null
   */
  readonly locale?: null | string | undefined
}

export const discordMessage: Format<DiscordMessage, DiscordMessageInput> = avro<DiscordMessage, DiscordMessageInput>(
  '{"type":"record","name":"desk.DiscordMessage","doc":"A /ticket as Discord sent it. The key is the interaction id. Unframed JSON of this shape is read too; the first three fields suffice.","fields":[{"name":"message","type":"string","doc":"What the user wrote."},{"name":"username","type":"string","doc":"The user\'s name on Discord."},{"name":"timestamp","type":["string","long"],"doc":"When it was sent, in ISO 8601 as Discord gave it; milliseconds since 1970 are read too."},{"name":"interactionId","type":["null","string"],"default":null,"doc":"Discord\'s id of the interaction: the same on every repetition."},{"name":"userId","type":["null","string"],"default":null,"doc":"Discord\'s id of the user, which outlives a change of name."},{"name":"guildId","type":["null","string"],"default":null,"doc":"The server it came from; null for a direct message."},{"name":"channelId","type":["null","string"],"default":null,"doc":"The channel it came from."},{"name":"locale","type":["null","string"],"default":null,"doc":"The user\'s language, such as de or en-GB."}]}',
)

/** One failure or dead letter, for whoever runs the desk. The key is the topic the trouble came from. */
export interface ErrorReport {
  /** The service that failed, such as Etikett. */
  readonly service: string
  /** The topic it was reading. */
  readonly topic: string
  /**
   * The record it failed on, where there was one.
   * @default null
   */
  readonly source: null | SourcePosition
  /**
   * Where the dead letter is, if one was written.
   * @default null
   */
  readonly deadLetterTopic: null | string
  /**
   * The kind of error.
   * @default null
   */
  readonly exception: null | string
  /** What was wrong, in a sentence. */
  readonly message: string
  /**
   * The stack trace.
   * @default null
   */
  readonly stack: null | string
  /**
   * The beginning of the record as text, where it is text.
   * @default null
   */
  readonly content: null | string
  /**
   * The ticket it is about, where that is known.
   * @default null
   */
  readonly ticketId: null | string
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly timestamp: number
}

/** One failure or dead letter, for whoever runs the desk. The key is the topic the trouble came from. */
export interface ErrorReportInput {
  /** The service that failed, such as Etikett. */
  readonly service: string
  /** The topic it was reading. */
  readonly topic: string
  /**
   * The record it failed on, where there was one.
   * @default null
   */
  readonly source?: null | SourcePositionInput | undefined
  /**
   * Where the dead letter is, if one was written.
   * @default null
   */
  readonly deadLetterTopic?: null | string | undefined
  /**
   * The kind of error.
   * @default null
   */
  readonly exception?: null | string | undefined
  /** What was wrong, in a sentence. */
  readonly message: string
  /**
   * The stack trace.
   * @default null
   */
  readonly stack?: null | string | undefined
  /**
   * The beginning of the record as text, where it is text.
   * @default null
   */
  readonly content?: null | string | undefined
  /**
   * The ticket it is about, where that is known.
   * @default null
   */
  readonly ticketId?: null | string | undefined
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly timestamp: number
}

export const errorReport: Format<ErrorReport, ErrorReportInput> = avro<ErrorReport, ErrorReportInput>(
  '{"type":"record","name":"desk.ErrorReport","doc":"One failure or dead letter, for whoever runs the desk. The key is the topic the trouble came from.","fields":[{"name":"service","type":"string","doc":"The service that failed, such as Etikett."},{"name":"topic","type":"string","doc":"The topic it was reading."},{"name":"source","type":["null",{"type":"record","name":"desk.SourcePosition","doc":"The record that something was made from.","fields":[{"name":"topic","type":"string","doc":"The topic it stands in."},{"name":"partition","type":"int","doc":"The partition of that topic."},{"name":"offset","type":"long","doc":"Its offset in the partition."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key: the interaction id, the message id, the idempotency key."}]}],"default":null,"doc":"The record it failed on, where there was one."},{"name":"deadLetterTopic","type":["null","string"],"default":null,"doc":"Where the dead letter is, if one was written."},{"name":"exception","type":["null","string"],"default":null,"doc":"The kind of error."},{"name":"message","type":"string","doc":"What was wrong, in a sentence."},{"name":"stack","type":["null","string"],"default":null,"doc":"The stack trace."},{"name":"content","type":["null","string"],"default":null,"doc":"The beginning of the record as text, where it is text."},{"name":"ticketId","type":["null","string"],"default":null,"doc":"The ticket it is about, where that is known."},{"name":"timestamp","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."}]}',
)

/**
 * Who chose the labels of a ticket: a language model, the keyword rules, or nobody, so that a person must look.
 * A symbol that is not known is read as `Unknown`.
 */
export type LabelSource = 'Unknown' | 'Model' | 'Keywords' | 'Nobody'

export const labelSourceSymbols: readonly LabelSource[] = ['Unknown', 'Model', 'Keywords', 'Nobody']

/** A ticket with its labels. The key is its id. A ticket that could not be labelled is here too, with a reason for a person to look. */
export interface LabeledTicket {
  /** The id of the ticket. */
  readonly id: Uuid
  /**
   * The readable number; null until it is assigned.
   * @default null
   */
  readonly number: null | bigint
  /** Who wrote it. */
  readonly contact: string
  /** The channel by which it came in. */
  readonly origin: Origin
  /**
   * When it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly date: number
  /**
   * What it is about, in one line.
   * @default ""
   */
  readonly subject: string
  /** What the user wrote. */
  readonly body: string
  /**
   * Where it stands.
   * @default "pending"
   */
  readonly status: Status
  /**
   * When this state of it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly updatedAt: number
  /**
   * The record the ticket was made from.
   * @default null
   */
  readonly source: null | SourcePosition
  /** A category of the taxonomy, such as BACK; the taxonomy is configuration. */
  readonly category: string
  /** A priority of the taxonomy, such as HIGH. */
  readonly priority: string
  /** A type of the taxonomy, such as BUG. */
  readonly type: string
  /**
   * The department it belongs to, such as IT Support.
   * @default null
   */
  readonly department: null | string
  /**
   * From 0 to 1; null where there is none, never a guess.
   * @default null
   */
  readonly confidence: null | number
  /**
   * What the confidence rests on.
   * @default "None"
   */
  readonly confidenceSource: ConfidenceSource
  /** Who chose the labels. */
  readonly labelSource: LabelSource
  /**
   * The model that was asked, with its version.
   * @default null
   */
  readonly model: null | string
  /**
   * The version of prompt and taxonomy it was asked with.
   * @default null
   */
  readonly promptVersion: null | string
  /**
   * The model's answer as it came.
   * @default null
   */
  readonly answer: null | string
  /**
   * Why a person should look, such as: too short; null where nobody need.
   * @default null
   */
  readonly reviewReason: null | string
}

/** A ticket with its labels. The key is its id. A ticket that could not be labelled is here too, with a reason for a person to look. */
export interface LabeledTicketInput {
  /** The id of the ticket. */
  readonly id: Uuid
  /**
   * The readable number; null until it is assigned.
   * @default null
   */
  readonly number?: null | bigint | undefined
  /** Who wrote it. */
  readonly contact: string
  /** The channel by which it came in. */
  readonly origin: Origin
  /**
   * When it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly date: number
  /**
   * What it is about, in one line.
   * @default ""
   */
  readonly subject?: string | undefined
  /** What the user wrote. */
  readonly body: string
  /**
   * Where it stands.
   * @default "pending"
   */
  readonly status?: Status | undefined
  /**
   * When this state of it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly updatedAt: number
  /**
   * The record the ticket was made from.
   * @default null
   */
  readonly source?: null | SourcePositionInput | undefined
  /** A category of the taxonomy, such as BACK; the taxonomy is configuration. */
  readonly category: string
  /** A priority of the taxonomy, such as HIGH. */
  readonly priority: string
  /** A type of the taxonomy, such as BUG. */
  readonly type: string
  /**
   * The department it belongs to, such as IT Support.
   * @default null
   */
  readonly department?: null | string | undefined
  /**
   * From 0 to 1; null where there is none, never a guess.
   * @default null
   */
  readonly confidence?: null | number | undefined
  /**
   * What the confidence rests on.
   * @default "None"
   */
  readonly confidenceSource?: ConfidenceSource | undefined
  /** Who chose the labels. */
  readonly labelSource: LabelSource
  /**
   * The model that was asked, with its version.
   * @default null
   */
  readonly model?: null | string | undefined
  /**
   * The version of prompt and taxonomy it was asked with.
   * @default null
   */
  readonly promptVersion?: null | string | undefined
  /**
   * The model's answer as it came.
   * @default null
   */
  readonly answer?: null | string | undefined
  /**
   * Why a person should look, such as: too short; null where nobody need.
   * @default null
   */
  readonly reviewReason?: null | string | undefined
}

export const labeledTicket: Format<LabeledTicket, LabeledTicketInput> = avro<LabeledTicket, LabeledTicketInput>(
  '{"type":"record","name":"desk.LabeledTicket","doc":"A ticket with its labels. The key is its id. A ticket that could not be labelled is here too, with a reason for a person to look.","fields":[{"name":"id","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"number","type":["null","long"],"default":null,"doc":"The readable number; null until it is assigned."},{"name":"contact","type":"string","doc":"Who wrote it."},{"name":"origin","type":{"type":"enum","name":"desk.Origin","doc":"The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.","symbols":["Unknown","Discord","Email","API","Demo"],"default":"Unknown"},"doc":"The channel by which it came in."},{"name":"date","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was written."},{"name":"subject","type":"string","default":"","doc":"What it is about, in one line."},{"name":"body","type":"string","doc":"What the user wrote."},{"name":"status","type":{"type":"enum","name":"desk.Status","doc":"Where a ticket stands in its life. It begins as pending.","symbols":["unknown","pending","in_progress","resolved"],"default":"unknown"},"default":"pending","doc":"Where it stands."},{"name":"updatedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When this state of it was written."},{"name":"source","type":["null",{"type":"record","name":"desk.SourcePosition","doc":"The record that something was made from.","fields":[{"name":"topic","type":"string","doc":"The topic it stands in."},{"name":"partition","type":"int","doc":"The partition of that topic."},{"name":"offset","type":"long","doc":"Its offset in the partition."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key: the interaction id, the message id, the idempotency key."}]}],"default":null,"doc":"The record the ticket was made from."},{"name":"category","type":"string","doc":"A category of the taxonomy, such as BACK; the taxonomy is configuration."},{"name":"priority","type":"string","doc":"A priority of the taxonomy, such as HIGH."},{"name":"type","type":"string","doc":"A type of the taxonomy, such as BUG."},{"name":"department","type":["null","string"],"default":null,"doc":"The department it belongs to, such as IT Support."},{"name":"confidence","type":["null","double"],"default":null,"doc":"From 0 to 1; null where there is none, never a guess."},{"name":"confidenceSource","type":{"type":"enum","name":"desk.ConfidenceSource","doc":"What a confidence rests on: Measured from the model\'s probabilities, SelfReported by the model in words, Keywords from how many of them were found.","symbols":["Unknown","Measured","SelfReported","Keywords","None"],"default":"Unknown"},"default":"None","doc":"What the confidence rests on."},{"name":"labelSource","type":{"type":"enum","name":"desk.LabelSource","doc":"Who chose the labels of a ticket: a language model, the keyword rules, or nobody, so that a person must look.","symbols":["Unknown","Model","Keywords","Nobody"],"default":"Unknown"},"doc":"Who chose the labels."},{"name":"model","type":["null","string"],"default":null,"doc":"The model that was asked, with its version."},{"name":"promptVersion","type":["null","string"],"default":null,"doc":"The version of prompt and taxonomy it was asked with."},{"name":"answer","type":["null","string"],"default":null,"doc":"The model\'s answer as it came."},{"name":"reviewReason","type":["null","string"],"default":null,"doc":"Why a person should look, such as: too short; null where nobody need."}]}',
)

/** A part that is no text of the mail; its bytes stay in the mailbox. */
export interface MailAttachment {
  /** Its file name; empty where it has none. */
  readonly name: string
  /** Its media type, such as image/png. */
  readonly type: string
  /** Its size as it was sent, still encoded. */
  readonly bytes: number
}

export type MailAttachmentInput = MailAttachment

export const mailAttachment: Format<MailAttachment, MailAttachmentInput> = avro<MailAttachment, MailAttachmentInput>(
  '{"type":"record","name":"desk.MailAttachment","doc":"A part that is no text of the mail; its bytes stay in the mailbox.","fields":[{"name":"name","type":"string","doc":"Its file name; empty where it has none."},{"name":"type","type":"string","doc":"Its media type, such as image/png."},{"name":"bytes","type":"int","doc":"Its size as it was sent, still encoded."}]}',
)

/** One header line; a name may come several times. */
export interface MailHeader {
  /** The name, in lower case. */
  readonly name: string
  /** The value, decoded. */
  readonly value: string
}

export type MailHeaderInput = MailHeader

export const mailHeader: Format<MailHeader, MailHeaderInput> = avro<MailHeader, MailHeaderInput>(
  '{"type":"record","name":"desk.MailHeader","doc":"One header line; a name may come several times.","fields":[{"name":"name","type":"string","doc":"The name, in lower case."},{"name":"value","type":"string","doc":"The value, decoded."}]}',
)

/**
 * Who seems to have sent a mail: a Person, a machine that answers (AutoReply), a mail server that could not deliver (Bounce), a List to many, or the desk itself (Own). Only a person and a list ask for help.
 * A symbol that is not known is read as `Unknown`.
 */
export type MailKind = 'Unknown' | 'Person' | 'AutoReply' | 'Bounce' | 'List' | 'Own'

export const mailKindSymbols: readonly MailKind[] = ['Unknown', 'Person', 'AutoReply', 'Bounce', 'List', 'Own']

/** A mail as it came, with its headers. The key is its Message-ID and a hash of its content, or the hash alone: a mail that is fetched again has the same key, other content under the same Message-ID another. Unframed JSON of this shape is read too; the first four fields suffice. */
export interface MailMessage {
  /** The From header, decoded. */
  readonly sender: string
  /** The Subject header, decoded; empty where there is none. */
  readonly subject: string
  /** What the sender wrote: the text of the mail, from its plain or its HTML part, without what it quotes and without signature. */
  readonly message: string
  /** The Date header in ISO 8601, or when it was fetched where the header is missing or wrong; milliseconds since 1970 are read too. */
  readonly timestamp: string | bigint
  /**
   * The Message-ID header.
   * @default null
   */
  readonly messageId: null | string
  /**
   * The recipients.
   * @default []
   */
  readonly to: readonly string[]
  /**
   * The Message-ID of the mail it answers.
   * @default null
   */
  readonly inReplyTo: null | string
  /**
   * All headers in their order.
   * @default []
   */
  readonly headers: readonly MailHeader[]
  /**
   * The mailbox it was fetched from.
   * @default null
   */
  readonly mailbox: null | string
  /**
   * The UIDVALIDITY of the mailbox: with it the UID names the mail for ever.
   * @default null
   */
  readonly uidValidity: null | bigint
  /**
   * The UID in the mailbox.
   * @default null
   */
  readonly uid: null | bigint
  /**
   * Who seems to have sent it, by its headers.
   * @default "Person"
   */
  readonly kind: MailKind
  /**
   * Why it could not be read, such as: 1,204 parts, at most 1,000 are read; then message is empty. Null where it was read.
   * @default null
   */
  readonly refused: null | string
  /**
   * What was odd about it but could be read, such as a charset that nobody knows.
   * @default []
   */
  readonly remarks: readonly string[]
  /**
   * The whole text, where message leaves something out; null where they are the same.
   * @default null
   */
  readonly original: null | string
  /**
   * A SHA-256 over sender, subject, date and content, in hex: without what its way added.
   * @default null
   */
  readonly contentHash: null | string
  /**
   * Where the mail itself is kept: an IMAP address with UIDVALIDITY and UID.
   * @default null
   */
  readonly raw: null | string
  /**
   * What came with it.
   * @default []
   */
  readonly attachments: readonly MailAttachment[]
}

/** A mail as it came, with its headers. The key is its Message-ID and a hash of its content, or the hash alone: a mail that is fetched again has the same key, other content under the same Message-ID another. Unframed JSON of this shape is read too; the first four fields suffice. */
export interface MailMessageInput {
  /** The From header, decoded. */
  readonly sender: string
  /** The Subject header, decoded; empty where there is none. */
  readonly subject: string
  /** What the sender wrote: the text of the mail, from its plain or its HTML part, without what it quotes and without signature. */
  readonly message: string
  /** The Date header in ISO 8601, or when it was fetched where the header is missing or wrong; milliseconds since 1970 are read too. */
  readonly timestamp: string | bigint
  /**
   * The Message-ID header.
   * @default null
   */
  readonly messageId?: null | string | undefined
  /**
   * The recipients.
   * @default []
   */
  readonly to?: readonly string[] | undefined
  /**
   * The Message-ID of the mail it answers.
   * @default null
   */
  readonly inReplyTo?: null | string | undefined
  /**
   * All headers in their order.
   * @default []
   */
  readonly headers?: readonly MailHeaderInput[] | undefined
  /**
   * The mailbox it was fetched from.
   * @default null
   */
  readonly mailbox?: null | string | undefined
  /**
   * The UIDVALIDITY of the mailbox: with it the UID names the mail for ever.
   * @default null
   */
  readonly uidValidity?: null | bigint | undefined
  /**
   * The UID in the mailbox.
   * @default null
   */
  readonly uid?: null | bigint | undefined
  /**
   * Who seems to have sent it, by its headers.
   * @default "Person"
   */
  readonly kind?: MailKind | undefined
  /**
   * Why it could not be read, such as: 1,204 parts, at most 1,000 are read; then message is empty. Null where it was read.
   * @default null
   */
  readonly refused?: null | string | undefined
  /**
   * What was odd about it but could be read, such as a charset that nobody knows.
   * @default []
   */
  readonly remarks?: readonly string[] | undefined
  /**
   * The whole text, where message leaves something out; null where they are the same.
   * @default null
   */
  readonly original?: null | string | undefined
  /**
   * A SHA-256 over sender, subject, date and content, in hex: without what its way added.
   * @default null
   */
  readonly contentHash?: null | string | undefined
  /**
   * Where the mail itself is kept: an IMAP address with UIDVALIDITY and UID.
   * @default null
   */
  readonly raw?: null | string | undefined
  /**
   * What came with it.
   * @default []
   */
  readonly attachments?: readonly MailAttachmentInput[] | undefined
}

export const mailMessage: Format<MailMessage, MailMessageInput> = avro<MailMessage, MailMessageInput>(
  '{"type":"record","name":"desk.MailMessage","doc":"A mail as it came, with its headers. The key is its Message-ID and a hash of its content, or the hash alone: a mail that is fetched again has the same key, other content under the same Message-ID another. Unframed JSON of this shape is read too; the first four fields suffice.","fields":[{"name":"sender","type":"string","doc":"The From header, decoded."},{"name":"subject","type":"string","doc":"The Subject header, decoded; empty where there is none."},{"name":"message","type":"string","doc":"What the sender wrote: the text of the mail, from its plain or its HTML part, without what it quotes and without signature."},{"name":"timestamp","type":["string","long"],"doc":"The Date header in ISO 8601, or when it was fetched where the header is missing or wrong; milliseconds since 1970 are read too."},{"name":"messageId","type":["null","string"],"default":null,"doc":"The Message-ID header."},{"name":"to","type":{"type":"array","items":"string"},"default":[],"doc":"The recipients."},{"name":"inReplyTo","type":["null","string"],"default":null,"doc":"The Message-ID of the mail it answers."},{"name":"headers","type":{"type":"array","items":{"type":"record","name":"desk.MailHeader","doc":"One header line; a name may come several times.","fields":[{"name":"name","type":"string","doc":"The name, in lower case."},{"name":"value","type":"string","doc":"The value, decoded."}]}},"default":[],"doc":"All headers in their order."},{"name":"mailbox","type":["null","string"],"default":null,"doc":"The mailbox it was fetched from."},{"name":"uidValidity","type":["null","long"],"default":null,"doc":"The UIDVALIDITY of the mailbox: with it the UID names the mail for ever."},{"name":"uid","type":["null","long"],"default":null,"doc":"The UID in the mailbox."},{"name":"kind","type":{"type":"enum","name":"desk.MailKind","doc":"Who seems to have sent a mail: a Person, a machine that answers (AutoReply), a mail server that could not deliver (Bounce), a List to many, or the desk itself (Own). Only a person and a list ask for help.","symbols":["Unknown","Person","AutoReply","Bounce","List","Own"],"default":"Unknown"},"default":"Person","doc":"Who seems to have sent it, by its headers."},{"name":"refused","type":["null","string"],"default":null,"doc":"Why it could not be read, such as: 1,204 parts, at most 1,000 are read; then message is empty. Null where it was read."},{"name":"remarks","type":{"type":"array","items":"string"},"default":[],"doc":"What was odd about it but could be read, such as a charset that nobody knows."},{"name":"original","type":["null","string"],"default":null,"doc":"The whole text, where message leaves something out; null where they are the same."},{"name":"contentHash","type":["null","string"],"default":null,"doc":"A SHA-256 over sender, subject, date and content, in hex: without what its way added."},{"name":"raw","type":["null","string"],"default":null,"doc":"Where the mail itself is kept: an IMAP address with UIDVALIDITY and UID."},{"name":"attachments","type":{"type":"array","items":{"type":"record","name":"desk.MailAttachment","doc":"A part that is no text of the mail; its bytes stay in the mailbox.","fields":[{"name":"name","type":"string","doc":"Its file name; empty where it has none."},{"name":"type","type":"string","doc":"Its media type, such as image/png."},{"name":"bytes","type":"int","doc":"Its size as it was sent, still encoded."}]}},"default":[],"doc":"What came with it."}]}',
)

/**
 * The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.
 * A symbol that is not known is read as `Unknown`.
 */
export type Origin = 'Unknown' | 'Discord' | 'Email' | 'API' | 'Demo'

export const originSymbols: readonly Origin[] = ['Unknown', 'Discord', 'Email', 'API', 'Demo']

/** The record that something was made from. */
export interface SourcePosition {
  /** The topic it stands in. */
  readonly topic: string
  /** The partition of that topic. */
  readonly partition: number
  /** Its offset in the partition. */
  readonly offset: bigint
  /**
   * Its key: the interaction id, the message id, the idempotency key.
   * @default null
   */
  readonly key: null | string
}

/** The record that something was made from. */
export interface SourcePositionInput {
  /** The topic it stands in. */
  readonly topic: string
  /** The partition of that topic. */
  readonly partition: number
  /** Its offset in the partition. */
  readonly offset: bigint
  /**
   * Its key: the interaction id, the message id, the idempotency key.
   * @default null
   */
  readonly key?: null | string | undefined
}

export const sourcePosition: Format<SourcePosition, SourcePositionInput> = avro<SourcePosition, SourcePositionInput>(
  '{"type":"record","name":"desk.SourcePosition","doc":"The record that something was made from.","fields":[{"name":"topic","type":"string","doc":"The topic it stands in."},{"name":"partition","type":"int","doc":"The partition of that topic."},{"name":"offset","type":"long","doc":"Its offset in the partition."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key: the interaction id, the message id, the idempotency key."}]}',
)

/**
 * Where a ticket stands in its life. It begins as pending.
 * A symbol that is not known is read as `unknown`.
 */
export type Status = 'unknown' | 'pending' | 'in_progress' | 'resolved'

export const statusSymbols: readonly Status[] = ['unknown', 'pending', 'in_progress', 'resolved']

/** A ticket in the one normal form, from whatever channel it came. The key is its id. */
export interface Ticket {
  /** Derived from the key of its source, so that a repetition has the same id. */
  readonly id: Uuid
  /**
   * The readable number, counted in the log; null until it is assigned.
   * @default null
   */
  readonly number: null | bigint
  /** Who wrote it: a name on Discord, an address of mail. */
  readonly contact: string
  /** The channel by which it came in. */
  readonly origin: Origin
  /**
   * When it was written, as the channel says.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly date: number
  /**
   * What it is about, in one line; empty where the channel has none.
   * @default ""
   */
  readonly subject: string
  /** What the user wrote; from mail, with the subject in brackets before it. */
  readonly body: string
  /**
   * Where it stands.
   * @default "pending"
   */
  readonly status: Status
  /**
   * When this state of it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly updatedAt: number
  /**
   * The record it was made from.
   * @default null
   */
  readonly source: null | SourcePosition
}

/** A ticket in the one normal form, from whatever channel it came. The key is its id. */
export interface TicketInput {
  /** Derived from the key of its source, so that a repetition has the same id. */
  readonly id: Uuid
  /**
   * The readable number, counted in the log; null until it is assigned.
   * @default null
   */
  readonly number?: null | bigint | undefined
  /** Who wrote it: a name on Discord, an address of mail. */
  readonly contact: string
  /** The channel by which it came in. */
  readonly origin: Origin
  /**
   * When it was written, as the channel says.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly date: number
  /**
   * What it is about, in one line; empty where the channel has none.
   * @default ""
   */
  readonly subject?: string | undefined
  /** What the user wrote; from mail, with the subject in brackets before it. */
  readonly body: string
  /**
   * Where it stands.
   * @default "pending"
   */
  readonly status?: Status | undefined
  /**
   * When this state of it was written.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly updatedAt: number
  /**
   * The record it was made from.
   * @default null
   */
  readonly source?: null | SourcePositionInput | undefined
}

export const ticket: Format<Ticket, TicketInput> = avro<Ticket, TicketInput>(
  '{"type":"record","name":"desk.Ticket","doc":"A ticket in the one normal form, from whatever channel it came. The key is its id.","fields":[{"name":"id","type":{"type":"string","logicalType":"uuid"},"doc":"Derived from the key of its source, so that a repetition has the same id."},{"name":"number","type":["null","long"],"default":null,"doc":"The readable number, counted in the log; null until it is assigned."},{"name":"contact","type":"string","doc":"Who wrote it: a name on Discord, an address of mail."},{"name":"origin","type":{"type":"enum","name":"desk.Origin","doc":"The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.","symbols":["Unknown","Discord","Email","API","Demo"],"default":"Unknown"},"doc":"The channel by which it came in."},{"name":"date","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it was written, as the channel says."},{"name":"subject","type":"string","default":"","doc":"What it is about, in one line; empty where the channel has none."},{"name":"body","type":"string","doc":"What the user wrote; from mail, with the subject in brackets before it."},{"name":"status","type":{"type":"enum","name":"desk.Status","doc":"Where a ticket stands in its life. It begins as pending.","symbols":["unknown","pending","in_progress","resolved"],"default":"unknown"},"default":"pending","doc":"Where it stands."},{"name":"updatedAt","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When this state of it was written."},{"name":"source","type":["null",{"type":"record","name":"desk.SourcePosition","doc":"The record that something was made from.","fields":[{"name":"topic","type":"string","doc":"The topic it stands in."},{"name":"partition","type":"int","doc":"The partition of that topic."},{"name":"offset","type":"long","doc":"Its offset in the partition."},{"name":"key","type":["null","string"],"default":null,"doc":"Its key: the interaction id, the message id, the idempotency key."}]}],"default":null,"doc":"The record it was made from."}]}',
)

/** How many labelled tickets a window of time had with one value of one dimension. The key is dimension, value and window; the newest record of a key counts. */
export interface TicketCount {
  /**
   * When the window begins.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly windowStart: number
  /** How long it lasts, in milliseconds. */
  readonly windowMs: bigint
  /** What is counted by: category, priority or origin. */
  readonly dimension: string
  /** The value of the dimension, such as BACK. */
  readonly value: string
  /** How many tickets. */
  readonly count: bigint
}

export type TicketCountInput = TicketCount

export const ticketCount: Format<TicketCount, TicketCountInput> = avro<TicketCount, TicketCountInput>(
  '{"type":"record","name":"desk.TicketCount","doc":"How many labelled tickets a window of time had with one value of one dimension. The key is dimension, value and window; the newest record of a key counts.","fields":[{"name":"windowStart","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When the window begins."},{"name":"windowMs","type":"long","doc":"How long it lasts, in milliseconds."},{"name":"dimension","type":"string","doc":"What is counted by: category, priority or origin."},{"name":"value","type":"string","doc":"The value of the dimension, such as BACK."},{"name":"count","type":"long","doc":"How many tickets."}]}',
)

/** A ticket has its normal form for the first time. */
export interface TicketCreated {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** The channel by which it came in. */
  readonly origin: Origin
  /** Who wrote it. */
  readonly contact: string
  /** What it is about, in one line. */
  readonly subject: string
  /**
   * The readable number, once it has one.
   * @default null
   */
  readonly number: null | bigint
}

/** A ticket has its normal form for the first time. */
export interface TicketCreatedInput {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** The channel by which it came in. */
  readonly origin: Origin
  /** Who wrote it. */
  readonly contact: string
  /** What it is about, in one line. */
  readonly subject: string
  /**
   * The readable number, once it has one.
   * @default null
   */
  readonly number?: null | bigint | undefined
}

export const ticketCreated: Format<TicketCreated, TicketCreatedInput> = avro<TicketCreated, TicketCreatedInput>(
  '{"type":"record","name":"desk.TicketCreated","doc":"A ticket has its normal form for the first time.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"origin","type":{"type":"enum","name":"desk.Origin","doc":"The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.","symbols":["Unknown","Discord","Email","API","Demo"],"default":"Unknown"},"doc":"The channel by which it came in."},{"name":"contact","type":"string","doc":"Who wrote it."},{"name":"subject","type":"string","doc":"What it is about, in one line."},{"name":"number","type":["null","long"],"default":null,"doc":"The readable number, once it has one."}]}',
)

/** A ticket could not go on and became a dead letter. */
export interface TicketDeadLettered {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** The service that gave up. */
  readonly service: string
  /** The dead-letter topic in which it stands. */
  readonly topic: string
  /** What was wrong, in a sentence. */
  readonly reason: string
}

export type TicketDeadLetteredInput = TicketDeadLettered

export const ticketDeadLettered: Format<TicketDeadLettered, TicketDeadLetteredInput> = avro<TicketDeadLettered, TicketDeadLetteredInput>(
  '{"type":"record","name":"desk.TicketDeadLettered","doc":"A ticket could not go on and became a dead letter.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"service","type":"string","doc":"The service that gave up."},{"name":"topic","type":"string","doc":"The dead-letter topic in which it stands."},{"name":"reason","type":"string","doc":"What was wrong, in a sentence."}]}',
)

export type TicketEvents =
  | { readonly type: 'TicketCreated'; readonly value: TicketCreated }
  | { readonly type: 'TicketLabelled'; readonly value: TicketLabelled }
  | { readonly type: 'TicketExported'; readonly value: TicketExported }
  | { readonly type: 'TicketDeadLettered'; readonly value: TicketDeadLettered }

export type TicketEventsInput =
  | { readonly type: 'TicketCreated'; readonly value: TicketCreatedInput }
  | { readonly type: 'TicketLabelled'; readonly value: TicketLabelledInput }
  | { readonly type: 'TicketExported'; readonly value: TicketExportedInput }
  | { readonly type: 'TicketDeadLettered'; readonly value: TicketDeadLetteredInput }

export const ticketEvents: Format<TicketEvents, TicketEventsInput> = avro<TicketEvents, TicketEventsInput>(
  '[{"type":"record","name":"desk.TicketCreated","doc":"A ticket has its normal form for the first time.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"origin","type":{"type":"enum","name":"desk.Origin","doc":"The channel by which a ticket came in. New channels may join: readers that do not know them see Unknown.","symbols":["Unknown","Discord","Email","API","Demo"],"default":"Unknown"},"doc":"The channel by which it came in."},{"name":"contact","type":"string","doc":"Who wrote it."},{"name":"subject","type":"string","doc":"What it is about, in one line."},{"name":"number","type":["null","long"],"default":null,"doc":"The readable number, once it has one."}]},{"type":"record","name":"desk.TicketLabelled","doc":"A ticket was labelled, for the first time or again.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"category","type":"string","doc":"A category of the taxonomy."},{"name":"priority","type":"string","doc":"A priority of the taxonomy."},{"name":"type","type":"string","doc":"A type of the taxonomy."},{"name":"department","type":["null","string"],"default":null,"doc":"The department it belongs to."},{"name":"confidence","type":["null","double"],"default":null,"doc":"From 0 to 1; null where there is none, never a guess."},{"name":"confidenceSource","type":{"type":"enum","name":"desk.ConfidenceSource","doc":"What a confidence rests on: Measured from the model\'s probabilities, SelfReported by the model in words, Keywords from how many of them were found.","symbols":["Unknown","Measured","SelfReported","Keywords","None"],"default":"Unknown"},"default":"None","doc":"What the confidence rests on."},{"name":"labelSource","type":{"type":"enum","name":"desk.LabelSource","doc":"Who chose the labels of a ticket: a language model, the keyword rules, or nobody, so that a person must look.","symbols":["Unknown","Model","Keywords","Nobody"],"default":"Unknown"},"doc":"Who chose the labels."}]},{"type":"record","name":"desk.TicketExported","doc":"A ticket reached a system outside.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"target","type":"string","doc":"The system: postgres, discord, or the name of another sink."},{"name":"reference","type":["null","string"],"default":null,"doc":"How that system names it, such as a channel id."}]},{"type":"record","name":"desk.TicketDeadLettered","doc":"A ticket could not go on and became a dead letter.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"service","type":"string","doc":"The service that gave up."},{"name":"topic","type":"string","doc":"The dead-letter topic in which it stands."},{"name":"reason","type":"string","doc":"What was wrong, in a sentence."}]}]',
)

/** A ticket reached a system outside. */
export interface TicketExported {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** The system: postgres, discord, or the name of another sink. */
  readonly target: string
  /**
   * How that system names it, such as a channel id.
   * @default null
   */
  readonly reference: null | string
}

/** A ticket reached a system outside. */
export interface TicketExportedInput {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** The system: postgres, discord, or the name of another sink. */
  readonly target: string
  /**
   * How that system names it, such as a channel id.
   * @default null
   */
  readonly reference?: null | string | undefined
}

export const ticketExported: Format<TicketExported, TicketExportedInput> = avro<TicketExported, TicketExportedInput>(
  '{"type":"record","name":"desk.TicketExported","doc":"A ticket reached a system outside.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"target","type":"string","doc":"The system: postgres, discord, or the name of another sink."},{"name":"reference","type":["null","string"],"default":null,"doc":"How that system names it, such as a channel id."}]}',
)

/** A ticket was labelled, for the first time or again. */
export interface TicketLabelled {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** A category of the taxonomy. */
  readonly category: string
  /** A priority of the taxonomy. */
  readonly priority: string
  /** A type of the taxonomy. */
  readonly type: string
  /**
   * The department it belongs to.
   * @default null
   */
  readonly department: null | string
  /**
   * From 0 to 1; null where there is none, never a guess.
   * @default null
   */
  readonly confidence: null | number
  /**
   * What the confidence rests on.
   * @default "None"
   */
  readonly confidenceSource: ConfidenceSource
  /** Who chose the labels. */
  readonly labelSource: LabelSource
}

/** A ticket was labelled, for the first time or again. */
export interface TicketLabelledInput {
  /** The id of the ticket. */
  readonly ticketId: Uuid
  /**
   * When it happened.
   * Milliseconds since 1970-01-01 UTC.
   */
  readonly at: number
  /** A category of the taxonomy. */
  readonly category: string
  /** A priority of the taxonomy. */
  readonly priority: string
  /** A type of the taxonomy. */
  readonly type: string
  /**
   * The department it belongs to.
   * @default null
   */
  readonly department?: null | string | undefined
  /**
   * From 0 to 1; null where there is none, never a guess.
   * @default null
   */
  readonly confidence?: null | number | undefined
  /**
   * What the confidence rests on.
   * @default "None"
   */
  readonly confidenceSource?: ConfidenceSource | undefined
  /** Who chose the labels. */
  readonly labelSource: LabelSource
}

export const ticketLabelled: Format<TicketLabelled, TicketLabelledInput> = avro<TicketLabelled, TicketLabelledInput>(
  '{"type":"record","name":"desk.TicketLabelled","doc":"A ticket was labelled, for the first time or again.","fields":[{"name":"ticketId","type":{"type":"string","logicalType":"uuid"},"doc":"The id of the ticket."},{"name":"at","type":{"type":"long","logicalType":"timestamp-millis"},"doc":"When it happened."},{"name":"category","type":"string","doc":"A category of the taxonomy."},{"name":"priority","type":"string","doc":"A priority of the taxonomy."},{"name":"type","type":"string","doc":"A type of the taxonomy."},{"name":"department","type":["null","string"],"default":null,"doc":"The department it belongs to."},{"name":"confidence","type":["null","double"],"default":null,"doc":"From 0 to 1; null where there is none, never a guess."},{"name":"confidenceSource","type":{"type":"enum","name":"desk.ConfidenceSource","doc":"What a confidence rests on: Measured from the model\'s probabilities, SelfReported by the model in words, Keywords from how many of them were found.","symbols":["Unknown","Measured","SelfReported","Keywords","None"],"default":"Unknown"},"default":"None","doc":"What the confidence rests on."},{"name":"labelSource","type":{"type":"enum","name":"desk.LabelSource","doc":"Who chose the labels of a ticket: a language model, the keyword rules, or nobody, so that a person must look.","symbols":["Unknown","Model","Keywords","Nobody"],"default":"Unknown"},"doc":"Who chose the labels."}]}',
)
