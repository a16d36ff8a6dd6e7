/** Somebody who is here for the first time is told what this is, and comes to their own screen. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { launch, lookAs, open, ready, room } from './room.ts';
import { still } from './story.ts';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
  await still();
}, 180_000);
afterAll(() => browser.close());

it.each(['en', 'ar', 'ckb'] as const)('leads a judge to what is contested, in %s', async (language) => {
  const { page, errors, context } = await room(browser, language, 'light', { width: 390, height: 844 });
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

it('is walked by the keyboard from the first key on', async () => {
  const { page, context } = await room(browser);
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
