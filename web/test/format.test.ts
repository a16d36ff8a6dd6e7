import { describe, expect, it } from 'vitest';
import { fromSlider, presets, toSlider } from '../src/frame/speed.ts';
import { backoff } from '../src/live/backoff.ts';
import { countdown } from '../src/text/countdown.ts';
import { direction } from '../src/text/direction.ts';
import * as format from '../src/text/format.ts';
import { nightUnderWay, phase } from '../src/text/night.ts';
import { bound } from '../src/text/published.ts';

const baghdad = 3 * 3600;

describe('numbers', () => {
  it('have Western digits and commas', () => {
    expect([0, 12, 999, 1000, 5704, 1_234_567, -1234].map(format.number)).toEqual([
      '0', '12', '999', '1,000', '5,704', '1,234,567', '\u22121,234',
    ]);
    expect(format.percent(0.0826)).toBe('8.3\u00a0%');
    expect([2, 2.125, 12.5, -0.25].map((n) => format.decimal(n))).toEqual(['2', '2.13', '12.5', '\u22120.25']);
  });
});

describe('times', () => {
  it('are date-time groups in Zulu', () => {
    expect(format.dtg('2026-01-21T21:40:00Z')).toBe('212140Z JAN 26');
    expect(format.dtg('2026-02-01T00:05:59+03:00')).toBe('312105Z JAN 26');
    expect(format.dtg('soon')).toBe('soon');
  });
  it('are local beside it, over the date line of the day', () => {
    expect(format.localTime('2026-01-21T21:40:00Z', baghdad)).toBe('00:40');
    expect(format.localDate('2026-01-21T21:40:00Z', baghdad, 'en')).toBe('22 Jan');
    expect(format.localDate('2026-01-21T21:40:00Z', baghdad, 'ar', true)).toBe('22 كانون الثاني 2026');
    expect(format.day('2026-02-12', 'ckb')).toBe('12 شوبات');
  });
});

describe('the night under way', () => {
  const nights = ['2026-01-21', '2026-01-22', '2026-01-23'];
  it.each([
    ['2026-01-20T08:00:00Z', 0, 'before the first'],
    ['2026-01-21T16:00:00Z', 0, 'in the evening'],
    ['2026-01-22T02:30:00Z', 0, 'until six in the morning'],
    ['2026-01-22T03:30:00Z', 1, 'by day, the coming one'],
    ['2026-03-01T00:00:00Z', 2, 'after the last'],
  ])('%s is night %i: %s', (at, night) => {
    expect(nightUnderWay(nights, at, baghdad)).toBe(night);
  });
  it.each([
    ['2026-01-20T08:00:00Z', 'before'],
    ['2026-01-21T03:30:00Z', 'during'],
    ['2026-01-24T02:30:00Z', 'during'],
    ['2026-01-24T03:30:00Z', 'after'],
  ])('%s is %s the nights', (at, when) => {
    expect(phase(nights, at, baghdad)).toBe(when);
  });
  it('is none without nights', () => expect(nightUnderWay([], '2026-01-21T00:00:00Z', 0)).toBeNull());
});

it('runs right to left in Arabic and Sorani', () => {
  expect((['en', 'ar', 'ckb'] as const).map(direction)).toEqual(['ltr', 'rtl', 'rtl']);
});

it('reads how a published figure bounds', () => {
  const how = (low: number, high: number) => bound({ low, high }, 7000);
  expect([how(144, 144), how(5700, 7000), how(0, 499), how(5064, 5640)]).toEqual([
    'exact', 'over', 'under', 'between',
  ]);
});

it('waits longer after each try, to a limit', () => {
  expect([0, 1, 2, 6, 50].map((n) => backoff(n, () => 0))).toEqual([500, 1000, 2000, 30_000, 30_000]);
  expect(backoff(0, () => 1)).toBe(600);
});

it('keeps every preset of the speed slider', () => {
  for (const speed of presets) expect(fromSlider(toSlider(speed))).toBe(speed);
  expect([fromSlider(0), fromSlider(600)]).toEqual([1, 1_000_000]);
});

describe('deadlines', () => {
  const now = '2026-01-22T06:00:00Z';
  it.each([
    ['2026-01-22T08:30:00Z', { past: false, unit: 'hours', n: 2 }],
    ['2026-01-22T05:00:00Z', { past: true, unit: 'hours', n: 1 }],
    ['2026-01-24T05:59:00Z', { past: false, unit: 'hours', n: 47 }],
    ['2026-01-24T06:00:00Z', { past: false, unit: 'days', n: 2 }],
    ['2026-01-12T06:00:00Z', { past: true, unit: 'days', n: 10 }],
  ])('%s', (due, told) => expect(countdown(due, now)).toEqual(told));
});
