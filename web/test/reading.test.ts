import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { ChainLink, MovementDetail, MovementLine } from '../src/api/types.ts';
import { leafHash, hex, rootOf } from '../src/fact/merkle.ts';
import { counts } from '../src/movement/counts.ts';
import { rungs } from '../src/person/chain.ts';
import { rows } from '../src/plan/gantt.ts';
import { together } from '../src/plan/together.ts';

const link = (step: string): ChainLink => ({ step }) as ChainLink;
const seen = (steps: string[]) =>
  rungs(steps.map(link)).map((r) =>
    r.what === 'single' ? r.link.step : `${r.offer.step}+${r.answer?.step ?? '?'}`,
  );

describe('a custody chain', () => {
  it('pairs an offer with its answer', () => {
    expect(seen(['registered', 'boarded', 'offered', 'accepted', 'placed'])).toEqual([
      'registered', 'boarded', 'offered+accepted', 'placed',
    ]);
    expect(seen(['offered', 'not-present', 'offered', 'withdrawn', 'offered'])).toEqual([
      'offered+not-present', 'offered+withdrawn', 'offered+?',
    ]);
    expect(seen([])).toEqual([]);
  });
});

const line = (fields: Partial<MovementLine>): MovementLine => ({
  id: '2026-01-21/01', night: '2026-01-21', kind: 'convoy', from: 'a', to: 'b', status: 'planned',
  planned: 3, boarded: 0, offered: 0, accepted: 0, vehicles: 1, legs: [], progress: 0, ...fields,
});

describe('the counts of a movement', () => {
  const person = (person: string, answer?: string) => ({ person, boarded: true, answer: answer ?? null });
  const detail = (aboard: string, answers: (string | undefined)[], fields: Partial<MovementLine>) =>
    ({
      line: line(fields),
      vehicles: [{ vehicle: 'bus-1', people: answers.map((a, i) => person(`A-${i}`, a)) }],
      facts: [{ kind: 'departed', says: { aboard } }],
      discrepancies: [],
    }) as unknown as MovementDetail;
  it('show where they part', () => {
    const made = counts(
      detail('2', ['accepted', 'refused', 'not-present'], { boarded: 3, offered: 3, accepted: 1 }),
    );
    expect(made.map((c) => [c.name, c.people, c.off])).toEqual([
      ['manifest', 3, null],
      ['boarded', 3, null],
      ['departed', 2, -1],
      ['offered', 3, null],
      ['accepted', 1, -2],
      ['refused', 1, null],
      ['not_present', 1, null],
    ]);
  });
  it('say nothing before anybody said it', () => {
    const made = counts({ line: line({}), vehicles: [], facts: [], discrepancies: [] });
    expect(made.every((c) => c.people === null && c.off === null)).toBe(true);
  });
});

it('lays the plan out by pairs of sites', () => {
  const night = (movements: MovementLine[]) => ({
    night: '', planned: 0, first_planned: 0, departed: 0, admitted: 0, promised: 0, movements,
  });
  const made = rows([
    night([line({ boarded: 150 }), line({ status: 'cancelled' })]),
    night([line({ planned: 90 }), line({ from: 'c', planned: 5 })]),
  ]);
  expect(made.map((r) => [r.from, r.people, r.cells.map((c) => c.length)])).toEqual([
    ['a', 240, [2, 1]],
    ['c', 5, [0, 1]],
  ]);
});

it('sums reasons that differ in their class only', () => {
  const parts = [
    { key: 'intake: binds class a in 3 route-nights', value: 4 },
    { key: 'gate', value: 5 },
    { key: 'intake: binds class b in 9 route-nights', value: 2 },
  ];
  expect(together(parts)).toEqual([{ key: 'intake', value: 6 }, { key: 'gate', value: 5 }]);
});

describe('a proof of inclusion', () => {
  type Bytes = Uint8Array<ArrayBuffer>;
  const sha = (...parts: Bytes[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest());
  const one = new Uint8Array([1]);
  const split = (n: number) => {
    let k = 1;
    while (k * 2 < n) k *= 2;
    return k;
  };
  // RFC 6962 section 2.1, from the top down: no code shared with what is tried.
  const root = (leaves: Bytes[]): Bytes => {
    if (leaves.length === 1) return leaves[0]!;
    const k = split(leaves.length);
    return sha(one, root(leaves.slice(0, k)), root(leaves.slice(k)));
  };
  const proof = (m: number, leaves: Bytes[]): Bytes[] => {
    if (leaves.length === 1) return [];
    const k = split(leaves.length);
    return m < k
      ? [...proof(m, leaves.slice(0, k)), root(leaves.slice(k))]
      : [...proof(m - k, leaves.slice(k)), root(leaves.slice(0, k))];
  };
  it('leads to the root in trees of every shape, and not when bent', async () => {
    for (let size = 1; size <= 17; size++) {
      const leaves = await Promise.all(
        Array.from({ length: size }, (_, i) => leafHash(new Uint8Array([i]))),
      );
      const top = hex(root(leaves));
      for (let i = 0; i < size; i++) {
        const path = proof(i, leaves).map(hex);
        expect([size, i, await rootOf(leaves[i]!, i, size, path)]).toEqual([size, i, top]);
        expect(await rootOf(leaves[i]!, i, size, [...path, top])).toBeNull();
        if (path.length) {
          expect(await rootOf(leaves[i]!, i, size, path.slice(1))).toBeNull();
          expect(await rootOf(leaves[i]!, i, size, [top, ...path.slice(1)])).not.toBe(top);
        }
      }
    }
  });
});
