/** Every screen in both directions and both themes, at a desk and on a phone: reachable, clean, and kept as a
 *  picture. */
import AxeBuilder from '@axe-core/playwright';
import { describe, expect, it } from 'vitest';
import { faults } from './clean.ts';
import { pages } from './pages.ts';
import { begin, open, room } from './room.ts';
import { type Short, shortHandover, still } from './story.ts';

let short: Short;

begin(async () => {
  short = await shortHandover();
  await still();
});

const desk = { width: 1440, height: 900 };
const phone = { width: 360, height: 740 };
const looks = (['en', 'ar', 'ckb'] as const).flatMap((language) => [
  { language, theme: 'light' as const, size: desk, name: 'light' },
  { language, theme: 'dark' as const, size: desk, name: 'dark' },
  { language, theme: 'light' as const, size: phone, name: 'phone' },
  { language, theme: 'dark' as const, size: phone, name: 'phone-dark' },
]);

describe.each(looks)('$language, $name', ({ language, theme, size, name: look }) => {
  it('shows every screen without an error, a violation or a sideways scroll', async () => {
    const { page, errors, context } = await room(language, theme, size);
    const wrong: string[] = [];
    for (const [name, path] of Object.entries(await pages(short))) {
      await open(page, path);
      if (name === 'room') await page.waitForSelector('[data-testid=map][data-drawn=true]');
      await page.evaluate(() => document.fonts.ready.then(() => undefined));
      wrong.push(...(await faults(page, `${name}-${language}-${look}`)));
    }
    expect(wrong).toEqual([]);
    expect(errors).toEqual([]);
    await context.close();
  });
});

it('is held against the order of headings and the contrast of colours', async () => {
  const { page, context } = await room('ckb', 'dark', phone);
  await open(page, '/figures');
  await page.evaluate(() => {
    const planted = document.createElement('h5');
    planted.textContent = 'planted';
    planted.style.color = 'var(--line)';
    document.querySelector('main h2')!.replaceWith(planted);
  });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => v.id)).toEqual(expect.arrayContaining(['color-contrast', 'heading-order']));
  await context.close();
});
