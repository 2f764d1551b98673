import { expect, test } from 'vitest';
import { signInPath, wayBack } from './way-back.ts';

const hub = 'https://jujube.example';

test('where one wanted to go is kept over signing in', () => {
  const wanted = '/c/dorm-302/listing/lin:listing:1?from=chat';
  expect(wayBack(new URL(signInPath(wanted), hub))).toBe(wanted);
  expect(wayBack(new URL('/sign-in', hub))).toBe('/');
});

test.each(['https://elsewhere.example', '//elsewhere.example', '/\\elsewhere.example', 'javascript:alert(1)'])(
  'a link that leads out of the app is not followed: %s',
  (next) => {
    expect(wayBack(new URL(signInPath(next), hub))).toBe('/');
  }
);
