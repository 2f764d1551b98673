const messages = {
  'not-a-record': 'This is no record: it has no id of the form author:kind:key.',
  'hub-only': 'Only the hub writes this.',
  'not-yours': 'Only its author may write this record.',
  'unknown-kind': 'This kind of record is not known here.',
  'wrong-home': 'This kind of record does not live in this database.',
  'giver-only': 'Only whoever made the offer may write this.',
  'stewards-only': 'Only a steward of this circle may write this.',
  'deleted-with-fields': 'A deleted record carries no fields.',
  attachments: 'Records carry no attachments; pictures are sent on their own.',
  'too-large': 'A record may have 32 kB at most.',
  'not-json': 'This record cannot be stored as JSON.',
  'kind-mismatch': 'The kind is not the one in the id.',
  'invalid-field': 'A field of this record is missing or wrong.',
  'subject-mismatch': 'The subject is not the one in the id.'
} as const;

/** Why a document was refused; the gate's row says `<code>: <message>`, screens word the code. */
export type RefusalCode = keyof typeof messages;

/** `field` is the path of the first wrong field, as far as one is to blame. */
export type Refusal = { code: RefusalCode; message: string; field?: string };

/** A refusal with its sentence. */
export function refuse(code: RefusalCode, field?: string): Refusal {
  return field === undefined ? { code, message: messages[code] } : { code, message: messages[code], field };
}
