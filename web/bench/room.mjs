/** How soon the room is usable, and how smoothly its map pans, each beside the same frame with nothing in it.
 *
 *  AMANA_URL=http://127.0.0.1:8080 npm run speed
 *
 *  The processor is slowed four times. Loading is the median of five visits of somebody new; panning is of a map
 *  with 200 movements under way, beside the same map with none: only the ratio says something where the
 *  graphics are drawn by software. */
import { chromium } from 'playwright-core';

const url = process.env.AMANA_URL ?? 'http://127.0.0.1:8080';
const slower = 4;
const visits = 5;
const movements = 200;
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader'],
});

const median = (all) => all.toSorted((a, b) => a - b)[Math.floor(all.length / 2)];

async function visit(prepare) {
  const context = await browser.newContext({
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    serviceWorkers: 'block',
  });
  await context.addInitScript(() => localStorage.setItem('amana.lang', 'en'));
  const page = await context.newPage();
  await prepare?.(page);
  const devtools = await context.newCDPSession(page);
  await devtools.send('Emulation.setCPUThrottlingRate', { rate: slower });
  return { context, page };
}

/** Milliseconds from asking for the page until it has what `there` says. */
async function load(path, there) {
  const took = [];
  for (let n = 0; n < visits; n++) {
    const { context, page } = await visit();
    await page.goto(path, { waitUntil: 'commit' });
    await page.waitForFunction(there, null, { polling: 'raf' });
    took.push(await page.evaluate(() => performance.now()));
    await context.close();
  }
  return median(took);
}

/** Frames per second while the map is dragged for three seconds. */
async function pan(count) {
  const { context, page } = await visit(async (page) => {
    await page.route('**/api/v1/picture', async (route) => {
      const answer = await route.fetch();
      const picture = await answer.json();
      const [one] = picture.movements;
      picture.movements = Array.from({ length: count }, (_, i) => ({
        ...one,
        id: `${picture.night}/${String(i % 99).padStart(2, '0')}-${i}`,
        status: 'under-way',
        progress: i / count,
      }));
      await route.fulfill({ response: answer, json: picture });
    });
  });
  await page.goto('/');
  await page.waitForSelector('[data-testid=map][data-drawn=true]', { timeout: 60_000 });
  const box = await page.locator('[data-testid=map]').boundingBox();
  await page.evaluate(() => {
    window.frames_ = 0;
    const count = () => (window.frames_++, requestAnimationFrame(count));
    requestAnimationFrame(count);
  });
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  const begun = Date.now();
  const before = await page.evaluate(() => window.frames_);
  while (Date.now() - begun < 3000) {
    const turn = (Date.now() - begun) / 300;
    await page.mouse.move(x + 120 * Math.sin(turn), y + 60 * Math.cos(turn));
  }
  const frames = (await page.evaluate(() => window.frames_)) - before;
  await page.mouse.up();
  const seconds = (Date.now() - begun) / 1000;
  await context.close();
  return frames / seconds;
}

const frame = await load('/nowhere', () => document.querySelector('main h1') && document.querySelector('[data-testid=position] bdi'));
const room = await load(
  '/',
  () => document.querySelector('[data-testid=position] bdi') && document.querySelectorAll('main table tbody tr').length > 10,
);
const map = await load('/', () => document.querySelector('[data-testid=map][data-drawn=true]'));
const row = (name, value, unit, ratio) => console.log(`${name.padEnd(44)} ${value.toFixed(0).padStart(6)} ${unit}  ${ratio.toFixed(2)}`);
console.log(`processor ${slower} times slower, median of ${visits}; the last column is the ratio to the line named`);
row('the frame with nothing in it', frame, 'ms ', 1);
row('the room, its numbers and tables (to frame)', room, 'ms ', room / frame);
row('the room, its map drawn (to frame)', map, 'ms ', map / frame);
const none = await pan(0);
const many = await pan(movements);
row('panning, no movement', none, 'fps', 1);
row(`panning, ${movements} movements (to none)`, many, 'fps', many / none);
await browser.close();
