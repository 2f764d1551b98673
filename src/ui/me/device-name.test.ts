import { expect, test } from 'vitest';
import { deviceName, isPhone } from './device-name.ts';

const android =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/157.0.0.0 Mobile Safari/537.36';
const iphone =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/27.0 Mobile/15E148 Safari/604.1';

test('a session is named by browser and system, as its owner would', () => {
  expect(deviceName(android)).toBe('Chrome · Android');
  expect(deviceName(iphone)).toBe('Safari · iPhone');
  expect(isPhone(android) && isPhone(iphone)).toBe(true);
});

test('what is no browser keeps its own name, and none stays without one', () => {
  expect(deviceName('curl/8.5')).toBe('curl/8.5');
  expect(deviceName(undefined)).toBeUndefined();
});
