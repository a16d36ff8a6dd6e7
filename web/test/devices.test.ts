/** What is said to be the matter with a device. */
import { expect, it } from 'vitest';
import type { DeviceLine } from '../src/api/types';
import { findings, matters, troubled } from '../src/devices/state';

const fact = (hash: string, sequence: number) => ({
  hash,
  sequence,
  position: 10 + sequence,
  kind: 'heads-seen',
  occurred_at: '2026-01-21T10:00:00Z',
  recorded_at: '2026-01-21T10:01:00Z',
});
const device = (more: Partial<DeviceLine>): DeviceLine => ({
  device: 'd',
  key: 'k',
  authority: 'justice',
  role: 'gate',
  own: false,
  stands: true,
  facts: 3,
  missing: [],
  twice: [],
  waiting: [],
  ...more,
});

it('finds nothing the matter with a device that speaks in order', () => {
  expect([matters(device({})), findings([device({})])]).toEqual([[], []]);
});

it('has nobody look at a device that is out of use and says no more', () => {
  const revoked = { why: 'lost', last: 4, beyond: 0 };
  expect([matters(device({ revoked })), troubled(device({ revoked }))]).toEqual([['revoked'], false]);
  const beyond = device({ revoked: { ...revoked, beyond: 2 } });
  expect([matters(beyond), troubled(beyond)]).toEqual([['beyond', 'revoked'], true]);
});

it('tells a gap and the fact that waits behind it as one finding, with what is missing', () => {
  const gap = device({
    missing: [{ first: 1, last: 3, before: fact('late', 4) }],
    waiting: [{ fact: fact('late', 4), missing: 'lost' }],
  });
  expect(findings([gap]).map((one) => [one.kind, one.sequence, one.lacks])).toEqual([
    ['missing', '1–3', 'lost'],
  ]);
  // The other branch of a fork can be what is missing: no sequence lacks then.
  const other = device({ waiting: [{ fact: fact('late', 4), missing: 'lost' }] });
  expect(findings([other]).map((one) => [one.kind, one.sequence, one.lacks])).toEqual([
    ['waiting', '4', 'lost'],
  ]);
});

it('names each of two facts with one sequence, worst first', () => {
  const twice = device({
    twice: [{ sequence: 2, facts: [fact('a', 2), fact('b', 2)] }],
    silent_since: '2026-01-21T10:00:00Z',
  });
  expect(findings([twice]).map((one) => one.fact.hash)).toEqual(['a', 'b']);
  expect(matters(twice)).toEqual(['twice', 'silent']);
});
