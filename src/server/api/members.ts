import * as v from 'valibot';
import { ApiError } from '../errors.ts';
import type { Route } from '../router.ts';
import { parseBody, role } from './fields.ts';
import { insider, steward, type Services } from './services.ts';

const roleChange = v.object({ role });

export function memberRoutes(services: Services): Route[] {
  const { circles } = services;
  return [
    {
      method: 'GET',
      path: '/api/circles/:id/members',
      async run(call) {
        const { circle } = await insider(services, call);
        return { status: 200, body: await circles.members(circle) };
      }
    },
    {
      method: 'PATCH',
      path: '/api/circles/:id/members/:person',
      async run(call) {
        const { circle } = await steward(services, call);
        const person = call.params['person']!;
        const change = parseBody(roleChange, await call.json());
        await circles.setRole(circle, person, change.role);
        return { status: 200, body: { person, role: change.role } };
      }
    },
    {
      method: 'DELETE',
      path: '/api/circles/:id/members/:person',
      async run(call) {
        const { circle, account, role: own } = await insider(services, call);
        const person = call.params['person']!;
        if (person !== account && own !== 'steward') throw new ApiError('stewards-only');
        await circles.part(circle, person);
        return { status: 204 };
      }
    }
  ];
}
