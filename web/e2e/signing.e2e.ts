/** Signing in the browser: contested custody settled by the devices of two authorities, a difference
 *  closed by one, and what was signed while the line was cut sent again. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Fields } from '../src/sign/cbor.ts';
import { proofOf } from '../src/sign/device.ts';
import { deviceOf, factId, fromHex, sign, toHex } from '../src/sign/envelope.ts';
import { clean } from './clean.ts';
import { Office } from './office.ts';
import { until } from './room.ts';

const office = new Office();

beforeAll(() => office.open(), 120_000);
afterAll(() => office.close());

/** A device of the receiver that is no browser: it signs one fact. */
async function desk(): Promise<(kind: number, body: Fields) => Promise<void>> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const asked = await fetch(`${office.address}/api/v1/devices/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await proofOf(pair, await office.ticket('layla', 'reception'))),
  });
  const { key } = (await asked.json()) as { key: string };
  office.run(['device', 'enrol', key, '--store', office.store]);
  const told = await office.ask<{ operation: string; origin: string; at: string }>(
    'layla', 'GET', `/devices/${toHex(await deviceOf(pair.publicKey))}/chain`,
  );
  return async (kind, body) => {
    const at = Date.parse(told.at);
    const draft = {
      id: factId(at, crypto.getRandomValues(new Uint8Array(10))),
      operation: told.operation, authority: 'justice', role: 'reception', officer: 40,
      sequence: 0, previous: null, occurredAt: at, clockError_s: 5, event: { kind, name: 'placed', body },
    };
    const { bytes } = await sign(draft, pair, told.origin);
    const headers = { 'content-type': 'application/cose' };
    const answer = await fetch(`${office.address}/api/v1/facts`, { method: 'POST', headers, body: bytes });
    expect(answer.status, await answer.text()).toBe(201);
  };
}

interface Line {
  id: string;
  code: string;
  open: boolean;
  people: string[];
}

interface Chained {
  role: string;
  facts: number;
  missing: unknown[];
  twice: unknown[];
}

/** Somebody whom two desks of the receiver placed in different wings. */
async function contested(): Promise<Line> {
  const { people } = await office.ask<{ people: { person: string }[] }>('omar', 'GET', '/people?state=admitted&limit=1');
  const { person } = people[0]!;
  const detail = await office.ask<{ chain: { fact: { hash: string } }[] }>('omar', 'GET', `/people/${person}`);
  const tip = fromHex(detail.chain.at(-1)!.fact.hash);
  const desks = [await desk(), await desk()];
  for (const [n, unit] of ['karkh/w1', 'karkh/w2'].entries())
    await desks[n]!(17, new Fields({ 1: unit, 2: [[person, tip]] }));
  const lines = await office.ask<Line[]>('omar', 'GET', '/discrepancies');
  return lines.find((line) => line.code === 'contested' && line.people.includes(person))!;
}

it('settles contested custody by two authorities, each in its own browser', async () => {
  const line = await contested();
  const path = `/discrepancies/${encodeURIComponent(line.id)}`;
  const omar = await office.sitDown('omar', 'en');
  await omar.goto(path);
  await omar.waitForSelector('[data-testid=cannot-sign]');
  await office.enrol(omar, 'layla', 'director');
  await omar.goto(path);
  await omar.locator('[data-testid=resolve] input').first().check();
  await omar.selectOption('[data-testid=why]', 'double-report');
  await clean(omar, 'resolve-en');
  await omar.click('[data-testid=resolve] button');
  await omar.waitForSelector('[data-testid=said] td');
  expect(await omar.textContent('[data-testid=still]')).toContain('Supreme Judicial Council');
  const after = async () => (await office.ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.id === line.id)!;
  expect((await after()).open, 'one authority does not settle it').toBe(true);

  const nadia = await office.sitDown('nadia', 'ar');
  await office.enrol(nadia, 'hana', 'judge');
  await nadia.goto(path);
  await nadia.waitForSelector('[data-testid=said] td');
  await nadia.locator('[data-testid=resolve] input').first().check();
  await nadia.selectOption('[data-testid=why]', 'double-report');
  await clean(nadia, 'resolve-ar');
  await nadia.click('[data-testid=resolve] button');
  await nadia.waitForFunction(() => document.querySelectorAll('[data-testid=said] tbody tr').length === 2);
  expect((await after()).open).toBe(false);
  await omar.waitForFunction(() => document.querySelector('[data-testid=still]') === null);
  await clean(nadia, 'resolved-ar');
  await omar.context().close();
  await nadia.context().close();
});

it('signs nothing for another officer than the one it is enrolled for', async () => {
  const open = (await office.ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.open)!;
  const omar = await office.sitDown('omar', 'en');
  await office.enrol(omar, 'layla', 'reception');
  await omar.goto(`/discrepancies/${encodeURIComponent(open.id)}`);
  // Enrolled by another process: the page hears of it when the server does.
  const said = () => omar.textContent('[data-testid=cannot-sign]');
  await expect.poll(said, { timeout: 10_000 }).toContain('another role');
  await omar.context().close();
});

it('sends again, with the same bytes, what a cut line kept back', async () => {
  const open = (await office.ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.code === 'handover-short' && one.open)!;
  const omar = await office.sitDown('omar', 'en');
  await office.enrol(omar, 'layla', 'director');
  await omar.goto(`/discrepancies/${encodeURIComponent(open.id)}`);
  await omar.selectOption('[data-testid=why]', 'found-at-origin');
  await omar.route('**/api/v1/facts', (route) => route.abort());
  const first = omar.waitForRequest('**/api/v1/facts');
  await omar.click('[data-testid=resolve] button');
  const lost = (await first).postDataBuffer();
  await omar.waitForSelector('[data-testid=outbox]');
  expect(await omar.locator('[data-testid=resolve]').count(), 'nothing is signed twice').toBe(0);
  // It goes out by itself once there is a line.
  const second = omar.waitForRequest('**/api/v1/facts');
  await omar.unroute('**/api/v1/facts');
  await omar.reload();
  expect((await second).postDataBuffer()).toEqual(lost);
  await until(async () => !(await office.ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.id === open.id)!.open, 'closed');
  const page = await office.ask<{ devices: Chained[] }>('omar', 'GET', '/devices');
  const signed = page.devices.filter((one) => one.role === 'director' && one.facts > 0);
  expect(signed.flatMap((one) => [...one.missing, ...one.twice])).toEqual([]);
  await omar.context().close();
});

it('shows a refused fact, in Arabic, and lets its place in the chain be taken when nothing could take it in', async () => {
  // Three counts that fall short.
  for (const short of [1, 2, 3]) await (await desk())(20, new Fields({ 1: 'karkh', 4: 150, 5: 150 - short }));
  const lines = await office.ask<Line[]>('omar', 'GET', '/discrepancies');
  const [first, second, third] = lines.filter((one) => one.open && one.code === 'muster-differs');
  const omar = await office.sitDown('omar', 'ar');
  await office.enrol(omar, 'layla', 'director');
  const resolve = async (line: Line) => {
    await omar.goto(`/discrepancies/${encodeURIComponent(line.id)}`);
    await omar.selectOption('[data-testid=why]', 'clerk-error');
    const sent = omar.waitForResponse('**/api/v1/facts');
    await omar.click('[data-testid=resolve] button');
    const status = (await sent).status();
    // Until the page has written down that it was taken in, or refused: left sooner, it would send it again.
    if (status === 422) await omar.waitForSelector('[data-testid=outbox]');
    else await omar.waitForSelector('[data-testid=resolve]', { state: 'detached' });
    return status;
  };
  expect(await resolve(first!)).toBe(201);
  // The browser is told of another operation, and signs for that one.
  await omar.route('**/api/v1/devices/*/chain', async (route) => {
    const told = (await (await route.fetch()).json()) as object;
    await route.fulfill({ json: { ...told, operation: 'basra-2027' } });
  });
  expect(await resolve(second!)).toBe(422);
  await omar.waitForSelector('[data-testid=set-aside]');
  await omar.unroute('**/api/v1/devices/*/chain');
  await omar.goto('/devices');
  const said = await omar.textContent('[data-testid=outbox]');
  expect(said).toMatch(/الواقعة تخص عملية أخرى/);
  expect(said).not.toMatch(/[a-z]{4}/i);
  await clean(omar, 'outbox-ar');
  // It is not forgotten, and nothing else is signed before it is dealt with.
  const before = await signed();
  expect(await resolve(third!)).toBe(422);
  expect(await signed()).toBe(before);
  await omar.click('[data-testid=set-aside]');
  await omar.waitForSelector('[data-testid=aside]');
  expect(await resolve(second!)).toBe(201);
  expect(await resolve(third!)).toBe(201);
  expect(await signed()).toBe(before + 2);
  await omar.context().close();

  /** How many facts directors' browsers have in the record, with neither a gap nor a sequence twice. */
  async function signed(): Promise<number> {
    const page = await office.ask<{ devices: Chained[] }>('omar', 'GET', '/devices');
    const directors = page.devices.filter((one) => one.role === 'director');
    expect(directors.flatMap((one) => [...one.missing, ...one.twice])).toEqual([]);
    return directors.reduce((sum, one) => sum + one.facts, 0);
  }
});
