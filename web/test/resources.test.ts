/** Rows of resources, and the words in which changes are asked for. */
import { expect, it } from 'vitest';
import { nightsFull, question, shown } from '../src/plan/resources';

const row = (what: string, used: number[], available: number[]) => ({ what, where: 'x', used, available });

it('shows what is used up first, and only that unless asked for all', () => {
  const rows = [row('guard', [1, 2], [3, 3]), row('intake', [3, 0], [3, 0]), row('bus', [3, 3], [3, 3])];
  expect(rows.map(nightsFull)).toEqual([0, 1, 2]);
  expect(shown(rows, false).map((r) => r.what)).toEqual(['bus', 'intake']);
  expect(shown(rows, true)).toEqual(rows);
});

it('asks in the words of the command line', () => {
  const change = (verb: 'add' | 'lose' | 'night', what: string, where: string, night: string) => ({
    verb,
    what,
    where,
    amount: 2,
    night,
  });
  expect(
    question([
      change('add', 'bus', 'hasakah', 'all'),
      change('lose', 'escort-team', 'hasakah', '2026-01-30'),
      change('add', 'half-hour', '', '2026-01-30'),
      change('lose', 'crossing-slot', 'rabia', 'all'),
      change('night', '', '', '2026-01-31'),
    ]),
  ).toEqual({
    add: ['bus@hasakah=2', 'half-hour:2026-01-30=2'],
    lose: ['team@hasakah=2', 'crossing@rabia:all=2', 'night=2026-01-31'],
  });
});
