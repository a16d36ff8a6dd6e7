/** Every screen in both directions and both themes, and on a phone: reachable, clean, and kept as a picture. */
import AxeBuilder from '@axe-core/playwright';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Browser } from 'playwright-core';
import { pages } from './pages.ts';
import { launch, open, room } from './room.ts';
import { type Short, shortHandover, still } from './story.ts';

const shots = join(import.meta.dirname, '../../artifacts/screenshots');
let browser: Browser;
let short: Short;

beforeAll(async () => {
  browser = await launch();
  short = await shortHandover();
  await still();
  await mkdir(shots, { recursive: true });
}, 180_000);
afterAll(() => browser.close());

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const looks = (['en', 'ar', 'ckb'] as const).flatMap((language) => [
  { language, theme: 'light' as const, size: desk, name: 'light' },
  { language, theme: 'dark' as const, size: desk, name: 'dark' },
  { language, theme: 'light' as const, size: phone, name: 'phone' },
]);

describe.each(looks)('$language, $name', ({ language, theme, size, name: look }) => {
  it('shows every screen without an error, a violation or a sideways scroll', async () => {
    const { page, errors, context } = await room(browser, language, theme, size);
    const wrong: string[] = [];
    for (const [name, path] of Object.entries(await pages(short))) {
      await open(page, path);
      if (name === 'room') await page.waitForSelector('[data-testid=map][data-drawn=true]');
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      await page.screenshot({
        path: join(shots, `${name}-${language}-${look}.png`),
        fullPage: true,
        animations: 'disabled',
      });
      const wide = await page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
      if (wide > 0) wrong.push(`${name}: ${wide} px wider than the window`);
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const v of violations)
        wrong.push(`${name}: ${v.id} at ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
    }
    expect(wrong).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });
});
