import { m } from '#messages';

export type Locale = 'en' | 'zh-CN';

type Row = { status: number; sentence: (locale: Locale) => string };
const row = (status: number, sentence: (inputs: object, options: { locale: Locale }) => string): Row => ({
  status,
  sentence: (locale) => sentence({}, { locale })
});

/** Every code that `/api` answers, with its status and its sentence, in which the person is told what to do. */
export const errorTable = {
  'bad-json': row(400, m.error_bad_json),
  'invalid-field': row(400, m.error_invalid_field),
  'invalid-login': row(400, m.error_invalid_login),
  'invalid-name': row(400, m.error_invalid_name),
  'invalid-password': row(400, m.error_invalid_password),
  'wrong-hash': row(400, m.error_wrong_hash),
  'signed-out': row(401, m.error_signed_out),
  'wrong-password': row(401, m.error_wrong_password),
  'wrong-code': row(401, m.error_wrong_code),
  'wrong-current': row(403, m.error_wrong_current),
  'cross-site': row(403, m.error_cross_site),
  'invite-needed': row(403, m.error_invite_needed),
  'setup-needed': row(403, m.error_setup_needed),
  'setup-over': row(403, m.error_setup_over),
  'members-only': row(403, m.error_members_only),
  'stewards-only': row(403, m.error_stewards_only),
  'not-found': row(404, m.error_not_found),
  'no-circle': row(404, m.error_no_circle),
  'no-invite': row(404, m.error_no_invite),
  'wrong-method': row(405, m.error_wrong_method),
  'login-taken': row(409, m.error_login_taken),
  'last-steward': row(409, m.error_last_steward),
  'invite-used-up': row(410, m.error_invite_used_up),
  'invite-expired': row(410, m.error_invite_expired),
  'invite-revoked': row(410, m.error_invite_revoked),
  'too-large': row(413, m.error_too_large),
  'unknown-query': row(400, m.error_unknown_query),
  'picture-too-large': row(413, m.error_picture_too_large),
  'quota-full': row(413, m.error_quota_full),
  'json-only': row(415, m.error_json_only),
  'not-a-picture': row(415, m.error_not_a_picture),
  'picture-tells-place': row(415, m.error_picture_tells_place),
  'too-often': row(429, m.error_too_often),
  fault: row(500, m.error_fault),
  'database-down': row(503, m.error_database_down),
  starting: row(503, m.error_starting)
} as const satisfies Record<string, Row>;

export type ErrorCode = keyof typeof errorTable;

/** A refusal that the caller is told as `{error: {code, message, field?}}`; `field` names the input to mend. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly code: ErrorCode;
  readonly field: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  constructor(code: ErrorCode, more: { field?: string; retryAfterSeconds?: number } = {}) {
    super(code);
    this.code = code;
    this.status = errorTable[code].status;
    this.field = more.field;
    this.retryAfterSeconds = more.retryAfterSeconds;
  }
}

/** The caller's language by `Accept-Language`: whichever of Chinese and English is wanted more; else English. */
export function localeOf(acceptLanguage: string | undefined): Locale {
  const wanted = (acceptLanguage ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...parameters] = part.trim().toLowerCase().split(';');
      const quality = parameters
        .find((text) => text.trim().startsWith('q='))
        ?.trim()
        .slice(2);
      return { language: tag.split('-')[0], quality: quality === undefined ? 1 : Number(quality) || 0 };
    })
    .filter(({ language, quality }) => quality > 0 && (language === 'zh' || language === 'en'))
    .sort((a, b) => b.quality - a.quality);
  return wanted[0]?.language === 'zh' ? 'zh-CN' : 'en';
}

/** The body of a refusal, in the caller's language. */
export function errorBody(error: Pick<ApiError, 'code' | 'field'>, locale: Locale) {
  const { code, field } = error;
  const message = errorTable[code].sentence(locale);
  return { error: field === undefined ? { code, message } : { code, message, field } };
}
