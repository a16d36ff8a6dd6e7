/** Places, wings and vehicles go by the scenario's names; the depot and the site of one town are told apart. */
import { beforeAll, expect, it, vi } from 'vitest';
import type { Operation } from '../src/api/types';
import { names } from '../src/live/operation.svelte';
import { placeName } from '../src/plan/place';
import { tell } from '../src/text/says';

/** Without the compiler's runes a state is its value. */
vi.hoisted(() => {
  const state = <T>(value: T) => value;
  vi.stubGlobal('$state', Object.assign(state, { raw: state }));
});

const text = (en: string) => ({ en, ar: `${en} ar`, ckb: `${en} ckb` });

beforeAll(() => {
  names.operation = {
    sites: [
      { id: 'qamishli', names: text('Alaya'), units: [{ id: 'qamishli/w1', names: text('Wing 1') }] },
    ],
    authorities: [{ id: 'sender', names: text('Sending authority') }],
    depots: [{ id: 'qamishli', names: text('Qamishli depot') }, { id: 'kharab', names: text('Kharab depot') }],
    waypoints: [{ id: 'baiji-2', names: text('Baiji') }],
    vehicle_types: [{ id: 'bus', names: text('Bus') }],
    vehicles: [{ id: 'qamishli-bus-03', kind: 'bus', depot: 'qamishli' }],
  } as unknown as Operation;
});

it.each([
  ['qamishli', 'loading-bay', 'Alaya'],
  ['qamishli', 'bus', 'Qamishli depot'],
  ['qamishli', 'escort-team', 'Qamishli depot'],
  ['kharab', 'intake', 'Kharab depot'],
  ['nowhere', 'bus', 'nowhere'],
  ['', 'sortie', ''],
])('%s, for %s, is %s', (id, what, expected) => {
  expect(placeName(id, what)).toBe(expected);
});

it('tells what a fact says in names', () => {
  const says = {
    unit: 'qamishli/w1',
    vehicle: 'qamishli-bus-03',
    waypoint: 'baiji-2',
    writer: 'sender registrar 7',
    policies: 'handlers-write-down-property',
    movement: '2026-01-21/01',
  };
  const told = Object.fromEntries(tell(says).map((one) => [one.key, one.text]));
  expect(told).toMatchObject({
    unit: 'Alaya · Wing 1',
    vehicle: 'Bus 03 · Qamishli depot',
    waypoint: 'Baiji',
    writer: 'Sending authority · registrar 7',
    movement: '\u206801\u2069 · \u206821 Jan\u2069',
  });
  expect(told['policies']).toMatch(/^Registrars, gate and reception officers/);
});
