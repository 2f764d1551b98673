import { isCircleId } from '#domain/id.ts';
import { Refusal, type Tools } from './tools.ts';

const circlePrefix = 'c-';

/** An invite for a circle, given in its longest-standing steward's name, since an invite says who vouches for it. */
export async function invite(
  tools: Tools,
  [circle]: string[],
  { uses = '1', hours = '72' }: { uses?: string; hours?: string }
): Promise<string> {
  const { circles, env, invites } = tools;
  const names = (await tools.couch.list()).filter((name) => name.startsWith(circlePrefix));
  if (!circle) return listCircles(tools, names);
  if (!isCircleId(circle) || !names.includes(circlePrefix + circle)) {
    throw new Refusal(`There is no circle ${circle}. "invite" alone lists them.`);
  }
  const terms = { uses: Number(uses), expiresInHours: Number(hours) };
  if (!Number.isInteger(terms.uses) || terms.uses < 1) throw new Refusal('--uses is a whole number from 1.');
  if (!(terms.expiresInHours > 0)) throw new Refusal('--hours is a number above 0.');
  const steward = (await circles.members(circle)).find(({ role, leftAt }) => role === 'steward' && !leftAt);
  if (!steward) throw new Refusal('Everybody has left this circle, so nobody can vouch for an invite.');
  const { token } = await invites.create(circle, steward.person, terms);
  return `${env.origin}/join/${token}`;
}

async function listCircles({ circles }: Tools, names: readonly string[]): Promise<string> {
  const ids = names.map((name) => name.slice(circlePrefix.length));
  const rows = await Promise.all(ids.map(async (id) => [id, (await circles.describe(id))?.name ?? ''].join('\t')));
  return rows.length === 0 ? 'There is no circle yet.' : rows.join('\n');
}
