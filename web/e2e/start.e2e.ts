/** Somebody who is here for the first time is told what this is, and comes to their own screen. */
import { expect, it } from 'vitest';
import { begin, lookAs, open, ready, room } from './room.ts';
import { still } from './story.ts';

begin(still);

it.each(['en', 'ar', 'ckb'] as const)('leads a judge to what is contested, in %s', async (language) => {
  const { page, errors, context } = await room(language, 'light', { width: 390, height: 844 });
  await open(page, '/');
  await page.click('[data-testid=exercise-more]');
  await page.click('section .label a[href="/start"]');
  await page.waitForSelector('[data-testid=roles]');
  expect(await page.locator('[data-testid=roles] li').count()).toBe(8);
  await Promise.all([page.waitForURL('**/discrepancies?show=open'), page.click('[data-role=judge]')]);
  await ready(page);
  expect(await page.inputValue('[data-testid=look-as]')).toMatch(/\/judge$/);
  // Also where the skip link left its mark on the address.
  await page.evaluate(() => (location.hash = 'main'));
  await lookAs(page, '');
  expect(await page.inputValue('[data-testid=look-as]')).toBe('');
  expect(errors).toEqual([]);
  await context.close();
});

it.each([
  ['justice/reception', 'reception', '/sites/karkh'],
  ['judicial-council/judge', 'judge', '/people'],
] as const)('shows %s their own role first, with where their work is', async (persona, role, href) => {
  const { page, context } = await room('ckb', 'dark', { width: 390, height: 844 });
  await open(page, '/start');
  await lookAs(page, persona);
  const own = page.locator('[data-testid=roles] li').first();
  expect(await own.locator(`a[href="${href}"]`).count()).toBe(1);
  expect(await own.locator('button').count(), 'nobody looks as who they are').toBe(0);
  expect(await page.locator(`[data-role=${role}]`).count()).toBe(0);
  // Nothing to press is smaller than a thumb.
  const small = await page.evaluate(() =>
    [...document.querySelectorAll('header :is(a, button), main :is(a, button)')]
      .filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 40)
      .map((one) => one.textContent),
  );
  expect(small).toEqual([]);
  await context.close();
});

it('is walked by the keyboard from the first key on', async () => {
  const { page, context } = await room();
  await open(page, '/start');
  await page.keyboard.press('Tab');
  expect(await page.evaluate(() => document.activeElement?.getAttribute('href'))).toBe('#main');
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('main');
  // From the top of the page to the first role: nothing that has the keyboard is out of sight.
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('Tab');
    const seen = await page.evaluate(() => {
      const { width, height } = document.activeElement!.getBoundingClientRect();
      return width > 8 && height > 8 && getComputedStyle(document.activeElement!).outlineStyle !== 'none';
    });
    expect(seen, `stop ${n}`).toBe(true);
  }
  await context.close();
});
