/** The room follows the record without being loaded again, and the clock obeys. */
import { afterEach, expect, it } from 'vitest';
import { ask, begin, drive, open, position, room, until } from './room.ts';
import { shortHandover, still } from './story.ts';

begin(async () => {
  await shortHandover();
});
afterEach(() => drive({ paused: true }));

it('grows by itself while the exercise runs, and stops when paused', async () => {
  await still();
  const { page, errors, context } = await room();
  await open(page, '/');
  await page.evaluate(() => ((window as { kept?: boolean }).kept = true));
  const before = await position(page);
  await drive({ speed: 3600 });
  await page.click('[data-testid=pause]');
  await until(async () => (await position(page)) > before, 'the position does not grow');

  await page.click('[data-testid=pause]');
  await until(
    async () => (await page.textContent('[data-testid=play-state]'))?.trim() === 'paused',
    'the exercise does not pause',
  );
  await still();
  const { position: settled } = await ask<{ position: number }>('/picture');
  await until(async () => (await position(page)) === settled, 'the header lags behind the record');
  expect(await page.evaluate(() => (window as { kept?: boolean }).kept), 'no reload').toBe(true);
  expect(errors).toEqual([]);
  await context.close();
});

it('steps a fact and a night', async () => {
  await still();
  const { page, context } = await room();
  await open(page, '/');
  const before = await position(page);
  await page.click('[data-testid=step-fact]');
  await until(async () => (await position(page)) > before, 'no fact was stepped');
  const clock = () => page.locator('[data-testid=clock] time').getAttribute('datetime');
  await still();
  const at = await clock();
  await page.click('[data-testid=step-night]');
  await until(async () => Date.parse((await clock()) ?? '') > Date.parse(at ?? ''), 'no night passed');
  await still();
  await context.close();
});

it('says that it is not live, and since when', async () => {
  const { page, context } = await room();
  await page.route('**/api/v1/feed', (route) => route.abort());
  await page.goto('/');
  await page.waitForFunction(() =>
    /not live since \D*\d\d:\d\d:\d\d/.test(
      document.querySelector('[data-testid=live]')?.textContent ?? '',
    ),
  );
  await page.unroute('**/api/v1/feed');
  await page.waitForFunction(
    () => document.querySelector('[data-testid=live]')?.textContent?.trim() === 'live',
  );
  await context.close();
});
