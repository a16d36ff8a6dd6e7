/** One address for every screen, with something on it. */
import { ask } from './room.ts';
import type { Short } from './story.ts';

export async function pages(short: Short): Promise<Record<string, string>> {
  const operation = await ask<{ sites: { id: string; part: string }[] }>('/operation');
  const statements = await ask<{ hash: string }[]>('/statements');
  const site = (part: string) => operation.sites.find((s) => s.part === part)?.id;
  return {
    room: '/',
    start: '/start',
    people: '/people',
    person: `/people/${short.people[0]}`,
    'site-origin': `/sites/${site('origin')}`,
    'site-destination': `/sites/${site('destination')}`,
    movement: `/movements/${short.movement}`,
    discrepancies: '/discrepancies',
    discrepancy: `/discrepancies/${encodeURIComponent(short.id)}`,
    figures: '/figures',
    obligations: '/obligations',
    statements: '/statements',
    statement: `/statements/${statements[0]?.hash}`,
    comparison: `/statements/${statements[1]?.hash}/${statements[0]?.hash}`,
    plan: '/plan',
    looks: '/looks',
    devices: '/devices',
    fact: `/facts/${short.fact.hash}`,
    nowhere: '/nowhere',
  };
}
