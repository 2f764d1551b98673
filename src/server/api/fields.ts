import * as v from 'valibot';
import { loginForm, passwordLength } from '#domain/account.ts';
import { isCircleId } from '#domain/id.ts';
import { roles } from '#domain/member/member.ts';
import { ApiError, type ErrorCode } from '../errors.ts';

/** Text that people read: trimmed, without control characters, 1 to `max` characters. */
export const text = (max: number) =>
  v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(max), v.regex(/^[^\p{Cc}\p{Cs}]*$/u));

/** The same over several lines, and it may be empty. */
export const longText = (max: number) => v.pipe(v.string(), v.trim(), v.maxLength(max), v.regex(/^[^\0\p{Cs}]*$/u));

export const login = v.pipe(v.string(), v.regex(loginForm));
export const name = text(60);
export const password = v.pipe(v.string(), v.minLength(passwordLength.least), v.maxLength(passwordLength.most));
/** A password to compare with: whatever its form, a wrong one is only wrong. */
export const givenPassword = v.pipe(v.string(), v.maxLength(passwordLength.most));
export const secretText = v.pipe(v.string(), v.minLength(1), v.maxLength(200));
export const role = v.picklist(roles);
export const circleId = v.custom<string>(isCircleId);

/** Sentences for fields that deserve a better one than "check the marked field". */
const codes: Record<string, ErrorCode> = {
  login: 'invalid-login',
  name: 'invalid-name',
  password: 'invalid-password',
  next: 'invalid-password'
};

/** The body as the schema's type; throws 400 naming the first field at fault. Unknown fields are dropped. */
export function parseBody<S extends v.GenericSchema>(schema: S, body: unknown): v.InferOutput<S> {
  const parsed = v.safeParse(schema, body ?? {}, { abortEarly: true });
  if (parsed.success) return parsed.output;
  const field = parsed.issues[0].path?.[0]?.key;
  if (typeof field !== 'string') throw new ApiError('bad-json');
  throw new ApiError(Object.hasOwn(codes, field) ? codes[field]! : 'invalid-field', { field });
}
