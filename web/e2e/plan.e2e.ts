/** The plan screen answers what if, and a question can be taken back. */
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { clean, shots } from './clean.ts';
import { ask, begin, open, room } from './room.ts';
import { replanned, still } from './story.ts';

begin(still);

interface Resources {
  nights: string[];
  from: number;
  rows: { what: string; used: number[]; available: number[] }[];
  holding: { rule: string | null; person_nights: number }[];
}

it('knows what each night uses and what holds people back', async () => {
  const known = await ask<Resources>('/plan/resources');
  const intake = known.rows.filter((row) => row.what === 'intake');
  expect(intake.length).toBeGreaterThan(0);
  for (const row of known.rows) {
    expect(row.used.length).toBe(known.nights.length);
    row.used.slice(known.from).forEach((used, i) => {
      expect(used, row.what).toBeLessThanOrEqual(row.available[known.from + i]!);
    });
  }
  expect(known.holding.some((held) => held.person_nights > 0)).toBe(true);
});

describe.each(['en', 'ar'] as const)('in %s', (language) => {
  it('puts the plan of a changed problem beside the plan as it is', async () => {
    const theme = language === 'en' ? 'light' : 'dark';
    const { page, errors, context } = await room(language, theme);
    const plan = await ask<{ revisions: unknown[] }>('/plan');
    await open(page, '/plan');
    await page.waitForSelector('[data-testid=resources]');
    await page.waitForSelector('[data-testid=holding]');
    await page.selectOption('[data-testid=whatif-verb]', 'night');
    const nights = page.locator('[data-testid=whatif-night] option');
    await page.selectOption('[data-testid=whatif-night]', { index: (await nights.count()) - 4 });
    await page.click('[data-testid=whatif-put]');
    await page.click('[data-testid=whatif-go]');
    await page.waitForSelector('[data-testid=whatif-answer]');
    const certain = await page.getAttribute('[data-testid=whatif-answer]', 'data-certain');
    expect(['open', 'worse', 'better']).toContain(certain);
    await page.screenshot({
      path: join(shots, `plan-whatif-${language}-${theme}.png`),
      fullPage: true,
      animations: 'disabled',
    });
    const after = await ask<{ revisions: unknown[] }>('/plan');
    expect(after.revisions.length, 'nothing is adopted').toBe(plan.revisions.length);
    expect(errors).toEqual([]);
    await context.close();
  });
});

interface Told {
  parent: string | null;
  causes_known: boolean;
  problem: unknown[];
  moves: { change: string; from: string | null; to: string | null; people: number }[];
}

it.each(['en', 'ckb'] as const)('tells what a revision changed and what forced it, in %s', async (language) => {
  const revisions = await replanned();
  const one = revisions.find((revision) => revision.changed > 0)!;
  const told = await ask<Told>(`/plan/${one.plan}/changes`);
  expect(told.causes_known).toBe(true);
  const otherNight = told.moves.filter((move) => move.from !== move.to);
  expect(otherNight.reduce((sum, move) => sum + move.people, 0)).toBe(one.changed);

  const { page, errors, context } = await room(language);
  await open(page, '/plan');
  await page.click(`[data-revision="${one.revision}"]`);
  await page.waitForSelector(`[data-testid=changes][data-of="${one.revision}"]`);
  expect(await page.getAttribute(`[data-revision="${one.revision}"]`, 'aria-pressed')).toBe('true');
  const rows = page.locator('[data-testid=replan-moves] tbody tr');
  expect(await rows.count()).toBe(Math.min(12, told.moves.length));
  expect((await rows.first().locator('td').first().textContent())?.replace(/\D/g, '')).toBe(String(told.moves[0]!.people));
  if (told.problem.length) expect(await page.locator('[data-testid=replan-problem] li').count()).toBeGreaterThan(0);
  await clean(page, `plan-changes-${language}`);

  const first = revisions.at(-1)!;
  await page.click(`[data-revision="${first.revision}"]`);
  await page.waitForSelector(`[data-testid=changes][data-of="${first.revision}"]`);
  expect(await page.locator('[data-testid=replan-moves]').count()).toBe(0);
  expect(errors).toEqual([]);
  await context.close();
});

it('takes a question back, and is free for the next', async () => {
  const { page, context } = await room();
  await open(page, '/plan');
  await page.waitForSelector('[data-testid=whatif-put]');
  await page.click('[data-testid=whatif-put]');
  await page.click('[data-testid=whatif-go]');
  await page.click('[data-testid=whatif-cancel]');
  await page.waitForSelector('[data-testid=whatif-go]:not([disabled])');
  expect(await page.locator('[data-testid=whatif-answer]').count()).toBe(0);
  await context.close();
});

interface Late {
  total: number;
  sites: { key: string; value: number }[];
  people: { person: string; from: string; because: { what: string }[] }[];
}

it.each([
  ['en', 1440],
  ['ckb', 390],
] as const)('tells who is late or not placed one by one, in %s, %d px wide', async (language, width) => {
  const all = await ask<Late>('/plan/late');
  const site = all.sites.at(-1)!.key;
  const of = (query: string) => ask<Late>(`/plan/late?${query}`);
  const narrowed = await of(`site=${site}&cause=intake`);
  expect(narrowed.total).toBeGreaterThan(0);
  expect(narrowed.total).toBeLessThan(all.total);

  const { page, errors, context } = await room(language, 'light', { width, height: 900 });
  await open(page, '/plan');
  const rows = page.locator('[data-testid=late] tbody tr');
  await rows.first().waitFor();
  expect(await rows.count(), 'a page at a time').toBe(50);
  const total = async () => Number((await page.textContent('[data-testid=late-total]'))!.replace(/\D/g, ''));
  expect(await total()).toBe(all.total);
  await page.selectOption('[data-testid=late-site]', site);
  await page.selectOption('[data-testid=late-cause]', 'intake');
  await page.waitForFunction((n) => document.querySelector('[data-testid=late-total]')!.textContent!.replace(/\D/g, '') === n, String(narrowed.total));
  expect(await rows.count()).toBe(Math.min(50, narrowed.total));
  expect(await rows.locator('th').allTextContents()).toEqual(narrowed.people.map((one) => one.person));
  await clean(page, `plan-late-${language}-${width}`);

  // Somebody with more than the two causes that are told at once.
  const at = narrowed.people.findIndex((one) => one.because.length > 2);
  const one = narrowed.people[at]!;
  await rows.nth(at).locator('summary').press('Enter');
  expect(await rows.nth(at).locator('li').count(), 'every cause').toBe(one.because.length);
  await rows.nth(at).locator('th a').press('Enter');
  await page.waitForURL(`**/people/${one.person}`);
  expect(errors).toEqual([]);
  await context.close();
});
