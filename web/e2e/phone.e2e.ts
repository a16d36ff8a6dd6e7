/** The room in a hand: one line above the screen, and the rest behind its menu. */
import { expect, it } from 'vitest';
import { clean } from './clean.ts';
import { begin, open, room } from './room.ts';
import { type Short, shortHandover, still } from './story.ts';

const phone = { width: 390, height: 844 };
const languages = ['en', 'ar', 'ckb'] as const;
let short: Short;
begin(async () => {
  short = await shortHandover();
  await still();
});

it.each(languages)('leaves the screen to the screen, in %s', async (language) => {
  const { page, context } = await room(language, 'light', phone);
  await open(page, '/people');
  const top = await page.evaluate(() => document.querySelector('main')!.getBoundingClientRect().top);
  expect(top).toBeLessThan(110);

  const menu = page.locator('[data-testid=menu]');
  const nav = page.locator('nav a[href="/figures"]');
  expect(await nav.isVisible()).toBe(false);
  await menu.focus();
  await page.keyboard.press('Enter');
  expect(await menu.getAttribute('aria-expanded')).toBe('true');
  expect(await page.isVisible('[data-testid=position]')).toBe(true);
  await clean(page, `menu-${language}`);
  await page.keyboard.press('Escape');
  expect(await nav.isVisible()).toBe(false);
  expect(await menu.evaluate((button) => button === document.activeElement)).toBe(true);

  await page.keyboard.press('Enter');
  await nav.focus();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/figures');
  // The new screen is there when its heading has the keyboard.
  await page.waitForFunction(() => document.activeElement?.tagName === 'H1');
  expect(await nav.isVisible(), 'the menu is shut behind whoever went').toBe(false);
  await context.close();
});

it('says on its one line that it is not live', async () => {
  const { page, context } = await room('ar', 'dark', phone);
  await page.route('**/api/v1/feed', (route) => route.abort());
  await page.goto('/people');
  await page.waitForSelector('[data-testid=live].lost');
  const shown = await page.locator('[data-testid=live]').boundingBox();
  expect(shown!.width).toBeGreaterThan(60);
  await context.close();
});

it('has the names of a movement before its log', async () => {
  const { page, context } = await room('ckb', 'light', phone);
  await open(page, `/movements/${short.movement}`);
  const tops = await page.evaluate(() =>
    [`main a[href^="/people/"]`, '[data-testid=counts]', 'main a[href^="/facts/"]'].map(
      (what) => document.querySelector(what)!.getBoundingClientRect().top,
    ),
  );
  expect(tops).toEqual(tops.toSorted((a, b) => a - b));
  expect(tops[0]).toBeLessThan(phone.height / 2);
  await context.close();
});
