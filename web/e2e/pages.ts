/** One address for every screen, with something on it. */
import { ask } from './room.ts';
import type { Short } from './story.ts';

export async function pages(short: Short): Promise<Record<string, string>> {
  const lines = await ask<{ id: string; status: string }[]>(
    '/nights',
  ).then((nights) => (nights as unknown as { movements: { id: string; status: string }[] }[]).flatMap((n) => n.movements));
  const movement = short.movement ?? lines.find((m) => m.status === 'handed-over')?.id;
  const sites = await ask<{ sites: { id: string; part: string }[] }>('/operation');
  const site = (part: string) => sites.sites.find((s) => s.part === part)?.id;
  return {
    room: '/',
    people: '/people',
    person: `/people/${short.people[0]}`,
    'site-origin': `/sites/${site('origin')}`,
    'site-destination': `/sites/${site('destination')}`,
    movement: `/movements/${movement}`,
    discrepancies: '/discrepancies',
    discrepancy: `/discrepancies/${encodeURIComponent(short.id)}`,
    figures: '/figures',
    plan: '/plan',
    fact: `/facts/${short.fact.hash}`,
    nowhere: '/nowhere',
  };
}
