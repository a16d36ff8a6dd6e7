/** The page of devices at work: a phone is compared, ordered, signed where the key is, and enrolled; another
 *  key in its place is not; a device is taken out of use and what it signed stands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import jsqr from 'jsqr';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { clean } from './clean.ts';
import { Office } from './office.ts';

const office = new Office();
const phone = { width: 360, height: 740 };

beforeAll(() => office.open(), 120_000);
afterAll(() => office.close());

interface Line {
  device: string;
  role: string;
  own: boolean;
  authority: string;
  until?: string;
  revoked?: { why: string };
}
const devices = async () => (await office.ask<{ devices: Line[] }>('layla', 'GET', '/devices')).devices;

/** How light each pixel of an image is, drawn in a square. */
async function light(page: Page, source: string, side: number): Promise<Buffer> {
  const drawn = await page.evaluate(
    async ([source, side]) => {
      const image = Object.assign(new Image(), { src: source });
      await image.decode();
      const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
      const pen = canvas.getContext('2d')!;
      pen.imageSmoothingEnabled = false;
      pen.drawImage(image, 0, 0, side, side);
      const { data } = pen.getImageData(0, 0, side, side);
      let told = '';
      for (let at = 0; at < data.length; at += 4) told += String.fromCharCode(data[at]!);
      return btoa(told);
    },
    [source, side] as const,
  );
  return Buffer.from(drawn, 'base64');
}

/** What a camera reads of the code on the page: by another decoder than the page has. */
async function read(page: Page): Promise<string> {
  const side = 900;
  const source = (await page.getAttribute('[data-testid=order-picture]', 'src'))!;
  const decode = (jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr;
  const grey = await light(page, source, side);
  const found = decode(Uint8ClampedArray.from([...grey].flatMap((v) => [v, v, v, 255])), side, side);
  if (!found) throw new Error('nothing could be read of the code');
  return found.data;
}

/** Holds a picture before the camera: two frames of 1280 by 720, grey around it. */
async function hold(page: Page, svg: string) {
  const [width, height, side] = [1280, 720, 640];
  const source = `data:image/svg+xml,${encodeURIComponent(readFileSync(svg, 'utf8'))}`;
  const code = await light(page, source, side);
  const seen = Buffer.alloc(width * height, 150);
  for (let y = 0; y < side; y++)
    code.copy(seen, (y + (height - side) / 2) * width + (width - side) / 2, y * side, (y + 1) * side);
  const frame = [Buffer.from('FRAME\n'), seen, Buffer.alloc((width * height) / 2, 128)];
  const head = Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`);
  writeFileSync(office.camera, Buffer.concat([head, ...frame, ...frame]));
}

/** Saves the order, has it signed where the key is, and hands in what comes back. */
async function carry(page: Page, typed: string, by: 'file' | 'camera' = 'file') {
  const order = join(office.work, 'order.json');
  if (by === 'camera') {
    await page.click('[data-testid=draw-order]');
    await page.waitForSelector('[data-testid=order-picture]');
    await clean(page, 'devices-order-code');
    writeFileSync(order, await read(page));
  } else {
    const saved = page.waitForEvent('download');
    await page.click('[data-testid=download-order]');
    await (await saved).saveAs(order);
  }
  const [signed, picture] = [join(office.work, 'signed.json'), join(office.work, 'signed.svg')];
  office.run(['device', 'sign', order, '--store', office.store, '--out', signed, '--picture', picture], typed);
  if (by === 'camera') {
    await hold(page, picture);
    await page.click('[data-testid=open-camera]');
    await page.waitForFunction(() => document.querySelector<HTMLTextAreaElement>('[data-testid=signed]')!.value);
    const text = await page.inputValue('[data-testid=signed]');
    expect(JSON.parse(text)).toEqual(JSON.parse(readFileSync(signed, 'utf8')));
    expect(await page.locator('[data-testid=camera]').count(), 'the camera is let go').toBe(0);
  } else await page.setInputFiles('input[type=file]', signed);
  await page.click('[data-testid=hand-in]');
}

it('enrols a phone by its digits, in Arabic, and revokes it with a reason', async () => {
  const omar = await office.sitDown('omar', 'ar', phone);
  const digits = await office.askToEnrol(omar, 'layla', 'director', 'عمر، 7');
  await clean(omar, 'enrol-digits-ar');
  const layla = await office.sitDown('layla', 'ar');
  await layla.goto('/devices');
  await layla.click('[data-testid=check-one]');
  await layla.fill('[data-testid=digits]', digits.replace(/\d$/, (d) => String((Number(d) + 1) % 10)));
  expect(await layla.isDisabled('[data-testid=add-enrolment]'), 'a digit is wrong').toBe(true);
  await clean(layla, 'devices-check-ar');
  await layla.fill('[data-testid=digits]', digits);
  await layla.click('[data-testid=add-enrolment]');
  await layla.waitForSelector('[data-testid=order] li');
  await clean(layla, 'devices-order-ar');
  await carry(layla, digits, 'camera');
  await layla.waitForSelector('[data-testid=taken] .good');
  await layla.waitForSelector('[data-testid=requests]', { state: 'detached' });
  // The only one with a term: those of the exercise have none.
  const enrolled = (await devices()).find((one) => one.role === 'director' && one.until)!;
  expect(enrolled.revoked).toBeFalsy();

  await layla.click(`[data-device="${enrolled.device}"] [data-testid=revoke-one]`);
  await layla.selectOption('[data-testid=revoke-why]', 'lost');
  await clean(layla, 'devices-revoke-ar');
  await layla.click('[data-testid=add-revocation]');
  await carry(layla, enrolled.device.slice(0, 8));
  await layla.waitForSelector('[data-testid=taken] .good');
  expect((await devices()).find((one) => one.device === enrolled.device)!.revoked!.why).toBe('lost');
  await clean(layla, 'devices-revoked-ar');
  // The browser that was revoked is told so where it would sign.
  const differences = await office.ask<{ id: string; open: boolean }[]>('omar', 'GET', '/discrepancies');
  const open = differences.find((one) => one.open);
  await omar.goto(`/discrepancies/${encodeURIComponent(open!.id)}`);
  await omar.waitForSelector('[data-testid=cannot-sign]');
  // A key out of use stays so. The browser makes another, and may sign again.
  await omar.goto('about:blank');
  await omar.goto(`/enrol#${await office.ticket('layla', 'director')}`);
  await omar.fill('[data-testid=holder]', 'عمر، 7');
  await omar.check('[data-testid=renew]');
  await omar.click('main form button');
  const fresh = (await omar.textContent('[data-testid=code]'))!.trim();
  expect(fresh).not.toBe(digits);
  office.run(['device', 'enrol', fresh, '--store', office.store]);
  await omar.goto(`/discrepancies/${encodeURIComponent(open!.id)}`);
  await omar.waitForSelector('[data-testid=resolve]');
  await layla.context().close();
  await omar.context().close();
});

it('does not have a key signed that took the place of the phone’s', async () => {
  const omar = await office.sitDown('omar', 'en');
  const shown = await office.askToEnrol(omar, 'layla', 'gate');
  const layla = await office.sitDown('layla', 'en');
  await layla.goto('/devices');
  await layla.click('[data-testid=check-one]');
  await layla.fill('[data-testid=digits]', shown);
  await layla.click('[data-testid=add-enrolment]');
  // A page that lies about the key: where the key is, the digits tell.
  const saved = layla.waitForEvent('download');
  await layla.click('[data-testid=download-order]');
  const order = JSON.parse(await text(await (await saved).createReadStream()));
  order.enrol[0].key = order.enrol[0].key.replace(/^./, (c: string) => (c === '0' ? '1' : '0'));
  const file = join(office.work, 'planted.json');
  writeFileSync(file, JSON.stringify(order));
  const sign = ['device', 'sign', file, '--store', office.store, '--out', join(office.work, 'planted-signed')];
  expect(() => office.run(sign, shown)).toThrow(/Nothing was signed/);
  await layla.context().close();
  await omar.context().close();
});

it('turns a stranger away, and says what is no signed order', async () => {
  const layla = await office.sitDown('layla', 'ckb');
  await layla.goto('/devices');
  await layla.click('[data-testid=check-one]');
  await layla.click('[data-testid=turn-away]');
  await layla.waitForSelector('[data-testid=requests]', { state: 'detached' });
  await layla.fill('[data-testid=signed]', '{"amana":"amana-order/v1"}');
  await layla.click('[data-testid=hand-in]');
  expect(await layla.textContent('[role=alert]')).toContain('amana device sign');
  await layla.context().close();
});

async function text(stream: AsyncIterable<Buffer>): Promise<string> {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
