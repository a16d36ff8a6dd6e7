/** An officer's phone loses its line while a signature is on its way, and is opened again without one: nothing
 *  is lost, nothing is doubled, and every step says what is the case. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clean } from './clean.ts';
import { Office } from './office.ts';
import { until } from './room.ts';

const office = new Office();
const phone = { width: 390, height: 844 };
beforeAll(() => office.open(), 120_000);
afterAll(() => office.close());

interface Line {
  id: string;
  code: string;
  open: boolean;
}
interface Device {
  role: string;
  facts: number;
  missing: unknown[];
  twice: unknown[];
}

it('keeps what was signed, opens without a line, and sends it once', async () => {
  const lines = () => office.ask<Line[]>('omar', 'GET', '/discrepancies');
  const line = (await lines()).find((one) => one.code === 'handover-short' && one.open)!;
  const page = await office.sitDown('omar', 'ar', phone, 'allow');
  await office.enrol(page, 'layla', 'director');
  await page.goto(`/discrepancies/${encodeURIComponent(line.id)}`);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await page.selectOption('[data-testid=why]', 'found-at-origin');
  await page.route('**/api/v1/facts', async (route) => {
    await page.context().setOffline(true);
    await route.abort();
  });
  await page.click('[data-testid=resolve] button');
  await page.waitForSelector('[data-testid=outbox]');
  expect(await page.locator('[data-testid=resolve]').count(), 'nothing is signed twice').toBe(0);
  await page.waitForSelector('[data-testid=live].lost');
  await clean(page, 'offline-signed-ar');

  // Opened anew without a line, on another address too.
  for (const path of [page.url(), '/people']) {
    await page.goto(path);
    await page.waitForSelector('[data-testid=outbox-waits]');
    await page.waitForSelector('main [role=alert]');
  }
  await clean(page, 'offline-opened-ar');

  await page.unroute('**/api/v1/facts');
  await page.context().setOffline(false);
  await page.waitForSelector('[data-testid=outbox-waits]', { state: 'detached' });
  await page.waitForSelector('main h1');
  await until(async () => !(await lines()).find((one) => one.id === line.id)!.open, 'closed');
  const { devices } = await office.ask<{ devices: Device[] }>('omar', 'GET', '/devices');
  const own = devices.filter((one) => one.role === 'director' && one.facts > 0);
  expect(own.map((one) => [one.missing, one.twice])).toEqual(own.map(() => [[], []]));
  expect(await page.evaluate(async () => (await caches.keys()).length), 'one build is kept').toBe(1);
  const kept = await page.evaluate(async () => {
    const shelf = await caches.open((await caches.keys())[0]!);
    return (await shelf.keys()).map((one) => new URL(one.url).pathname);
  });
  expect(kept.filter((path) => path.startsWith('/api/')), 'no answer of the record is kept').toEqual([]);
  await page.context().close();
});
