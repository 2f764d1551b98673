import * as v from 'valibot';
import { ApiError } from '../errors.ts';
import type { Route } from '../router.ts';
import { circleId, longText, parseBody, text } from './fields.ts';
import { spend, steward, type Services } from './services.ts';

const name = text(60);
const city = text(60);
const newCircle = v.object({
  name,
  circleKind: v.picklist(['circle', 'chapter']),
  city: v.optional(city),
  parent: v.optional(circleId)
});
/** House rules fit on a few screens; the record as a whole may have 32 kB. */
const changedCircle = v.object({
  name: v.optional(name),
  city: v.optional(v.union([v.literal(''), city])),
  rules: v.optional(longText(8_000))
});

export function circleRoutes(services: Services): Route[] {
  const { circles, limits, membership } = services;
  return [
    {
      method: 'POST',
      path: '/api/circles',
      async run(call) {
        const { account } = await call.session();
        const fields = parseBody(newCircle, await call.json());
        const { parent } = fields;
        if (parent && !(await membership.roleOf(parent, account))) throw new ApiError('no-circle', { field: 'parent' });
        spend(limits, 'create-circle', account);
        return { status: 201, body: { id: await circles.found(account, fields) } };
      }
    },
    {
      method: 'PATCH',
      path: '/api/circles/:id',
      async run(call) {
        const { circle } = await steward(services, call);
        const { name, circleKind, city, parent, rules } = await circles.change(
          circle,
          parseBody(changedCircle, await call.json())
        );
        return { status: 200, body: { id: circle, name, circleKind, city, parent, rules } };
      }
    }
  ];
}
