import { describe, expect, it } from 'vitest';
import { createRouter } from './router.ts';

describe('the router of /api', () => {
  const run = async () => ({ status: 200 });
  const find = createRouter([
    { method: 'GET', path: '/api/circles/:id/members', run },
    { method: 'DELETE', path: '/api/circles/:id/members/:person', run },
    { method: 'POST', path: '/api/session', run },
    { method: 'POST', path: '/api/session/handoff', run }
  ]);

  it('finds a route and what stands in its places', () => {
    expect(find('DELETE', '/api/circles/302/members/lin')).toMatchObject({ params: { id: '302', person: 'lin' } });
    expect(find('POST', '/api/session')).toMatchObject({ params: {} });
  });

  it('tells a wrong method from a wrong path', () => {
    expect(find('PUT', '/api/circles/302/members')).toBe('wrong-method');
    expect(find('GET', '/api/circles/302/nothing')).toBeNull();
  });

  it.each([
    '/api/circles//members',
    '/api/circles/302/members/',
    '//api/session',
    '/api/session/',
    '/API/session',
    '/api/circles/%E0%A4%A/members',
    '/api/x/../session'
  ])('has no route for %s', (path) => {
    expect(find('POST', path)).toBeNull();
    expect(find('GET', path)).toBeNull();
  });
});
