/** What a movement waits for, fact by fact. */
import { expect, it } from 'vitest';
import type { FactLine, MovementLine } from '../src/api/types';
import { next } from '../src/movement/next';

const line = { from: 'hasakah', to: 'karkh', boarded: 0, cancelled: null } as MovementLine;
const authorityOf = (site: string) => ({ hasakah: 'sender', karkh: 'justice' })[site] ?? null;
const story: [kind: string, says: Record<string, string>, people: number][] = [
  ['manifest-frozen', {}, 150],
  ['boarded', {}, 90],
  ['boarded', {}, 60],
  ['handover-offered', { site: 'hasakah', to: 'escort-force' }, 150],
  ['handover-answered', { offer: 'fact-3' }, 150],
  ['departed', { aboard: '150' }, 0],
  ['waypoint-passed', {}, 0],
  ['arrived', { site: 'karkh' }, 0],
  ['handover-offered', { site: 'karkh', to: 'justice' }, 150],
  ['handover-answered', { offer: 'fact-8' }, 150],
  ['handover-offered', { site: 'hasakah', to: 'sender' }, 6],
  ['handover-answered', { offer: 'fact-10' }, 6],
];
const facts = story.map(
  ([kind, says, people], i) => ({ kind, says, people, hash: `fact-${i}`, position: i }) as unknown as FactLine,
);

it('names each signature before it is given, and who gives it', () => {
  const waits = facts.map((_, told) => {
    const known = facts.slice(0, told);
    const boarded = known.filter((f) => f.kind === 'boarded').reduce((sum, f) => sum + f.people, 0);
    const found = next({ ...line, boarded }, known, authorityOf);
    return found && `${found.kind} ${found.authority} ${found.role}`;
  });
  expect(waits).toEqual([
    'manifest-frozen null planner',
    'boarded sender gate',
    'boarded sender gate',
    'handover-offered sender gate',
    'handover-answered escort-force escort',
    'departed escort-force escort',
    'arrived escort-force escort',
    'arrived escort-force escort',
    'handover-offered escort-force escort',
    'handover-answered justice reception',
    null,
    'handover-answered sender gate',
  ]);
  expect(next({ ...line, boarded: 150 }, facts, authorityOf)).toBeNull();
});

it('waits for nothing once the movement is cancelled', () => {
  expect(next({ ...line, cancelled: 'no-cover' }, facts.slice(0, 2), authorityOf)).toBeNull();
});
