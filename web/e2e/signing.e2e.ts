/** Signing in the browser: contested custody settled by the devices of two authorities, a difference
 *  closed by one, and what was signed while the line was cut sent again. */
import AxeBuilder from '@axe-core/playwright';
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Fields } from '../src/sign/cbor.ts';
import { proofOf } from '../src/sign/device.ts';
import { deviceOf, factId, fromHex, sign, toHex } from '../src/sign/envelope.ts';
import { freePort, launch, type Language, until } from './room.ts';

const root = resolve(import.meta.dirname, '../..');
const amana = process.env['AMANA_BIN'] ?? join(root, 'target/debug/amana');
/** A folder with a record (amana.sqlite) of people in the receiver's custody, made by bin/room-test. */
const played = process.env['AMANA_PLAYED'] ?? '';
const shots = join(root, 'artifacts/screenshots');
const password = 'seven quiet buses wait';
const officers = {
  layla: ['justice', 'keyholder'],
  omar: ['justice', 'director'],
  hana: ['judicial-council', 'keyholder'],
  nadia: ['judicial-council', 'judge'],
} as const;
type Login = keyof typeof officers;

let browser: Browser;
let work: string;
let store: string;
let server: ChildProcess;
let address: string;
const cookies: Partial<Record<Login, string>> = {};

function run(...words: string[]): string {
  return execFileSync(amana, words, { cwd: root, input: `${password}\n`, encoding: 'utf8' });
}

async function ask<T>(as: Login, method: string, path: string, body?: unknown): Promise<T> {
  cookies[as] ??= await signedIn(as);
  const headers = { cookie: cookies[as], 'content-type': 'application/json' };
  const init = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${address}/api/v1${path}`, { method, headers, ...init });
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

async function signedIn(login: Login): Promise<string> {
  const answer = await fetch(`${address}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ login, password }),
  });
  return answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
}

/** The part of a ticket's address after the '#'. */
async function ticket(keyholder: Login, role: string): Promise<string> {
  const drawn = await ask<{ address: string }>(keyholder, 'POST', '/devices/tickets', { role, site: null });
  return drawn.address.split('#')[1]!;
}

/** A device of the receiver that is no browser: it signs one fact. */
async function desk(): Promise<(kind: number, body: Fields) => Promise<void>> {
  const pair = (await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify'])) as CryptoKeyPair;
  const asked = await fetch(`${address}/api/v1/devices/requests`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await proofOf(pair, await ticket('layla', 'reception'))),
  });
  const { key } = (await asked.json()) as { key: string };
  run('device', 'enrol', key, '--store', store);
  const told = await ask<{ operation: string; origin: string; at: string }>(
    'layla', 'GET', `/devices/${toHex(await deviceOf(pair.publicKey))}/chain`,
  );
  return async (kind, body) => {
    const at = Date.parse(told.at);
    const draft = {
      id: factId(at, crypto.getRandomValues(new Uint8Array(10))),
      operation: told.operation, authority: 'justice', role: 'reception', officer: 40,
      sequence: 0, previous: null, occurredAt: at, clockError_s: 5, event: { kind, body },
    };
    const { bytes } = await sign(draft, pair, told.origin);
    const headers = { 'content-type': 'application/cose' };
    const answer = await fetch(`${address}/api/v1/facts`, { method: 'POST', headers, body: bytes });
    expect(answer.status, await answer.text()).toBe(201);
  };
}

interface Line {
  id: string;
  code: string;
  open: boolean;
  people: string[];
}

/** Somebody whom two desks of the receiver placed in different wings. */
async function contested(): Promise<Line> {
  const { people } = await ask<{ people: { person: string }[] }>('omar', 'GET', '/people?state=admitted&limit=1');
  const { person } = people[0]!;
  const detail = await ask<{ chain: { fact: { hash: string } }[] }>('omar', 'GET', `/people/${person}`);
  const tip = fromHex(detail.chain.at(-1)!.fact.hash);
  const desks = [await desk(), await desk()];
  for (const [n, unit] of ['karkh/w1', 'karkh/w2'].entries())
    await desks[n]!(17, new Fields({ 1: unit, 2: [[person, tip]] }));
  const lines = await ask<Line[]>('omar', 'GET', '/discrepancies');
  return lines.find((line) => line.code === 'contested' && line.people.includes(person))!;
}

beforeAll(async () => {
  browser = await launch();
  mkdirSync(shots, { recursive: true });
  work = mkdtempSync(join(tmpdir(), 'amana-signing-'));
  cpSync(played, work, { recursive: true });
  store = `sqlite:${join(work, 'amana.sqlite')}`;
  for (const [login, [authority, role]] of Object.entries(officers)) {
    const who = ['--authority', authority, '--role', role, '--number', '7', '--name', `Officer ${login}`];
    run('account', 'add', login, '--store', store, ...who);
  }
  const port = await freePort();
  address = `http://localhost:${port}`;
  const listen = ['--listen', `127.0.0.1:${port}`, '--address', address];
  server = spawn(amana, ['serve', '--store', store, ...listen], { cwd: root, stdio: 'ignore' });
  await until(() => fetch(`${address}/api/v1/session`).then((r) => r.ok, () => false), 'the server');
}, 120_000);

afterAll(async () => {
  server?.kill();
  await browser?.close();
  if (work) rmSync(work, { recursive: true });
});

/** An officer's own browser, signed in. */
async function sitDown(login: Login, language: Language): Promise<Page> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 900 } });
  await context.addInitScript((lang) => localStorage.setItem('amana.lang', lang), language);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto('/');
  await page.fill('input[autocomplete=username]', login);
  await page.fill('input[type=password]', password);
  await page.click('form button');
  await page.waitForSelector('[data-testid=officer]');
  return page;
}

/** The browser becomes a device: by ticket, key, and the keyholder's signature. */
async function enrol(page: Page, keyholder: Login, role: string) {
  await page.goto(`/enrol#${await ticket(keyholder, role)}`);
  await page.locator('main button').click();
  const key = (await page.textContent('.key'))!.trim();
  run('device', 'enrol', key, '--store', store);
}

async function clean(page: Page, name: string) {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, animations: 'disabled' });
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`)).toEqual([]);
}

it('settles contested custody by two authorities, each in its own browser', async () => {
  const line = await contested();
  const path = `/discrepancies/${encodeURIComponent(line.id)}`;
  const omar = await sitDown('omar', 'en');
  await omar.goto(path);
  await omar.waitForSelector('[data-testid=cannot-sign]');
  await enrol(omar, 'layla', 'director');
  await omar.goto(path);
  await omar.locator('[data-testid=resolve] input').first().check();
  await omar.selectOption('[data-testid=why]', 'double-report');
  await clean(omar, 'resolve-en');
  await omar.click('[data-testid=resolve] button');
  await omar.waitForSelector('[data-testid=said] td');
  expect(await omar.textContent('[data-testid=still]')).toContain('Supreme Judicial Council');
  const after = async () => (await ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.id === line.id)!;
  expect((await after()).open, 'one authority does not settle it').toBe(true);

  const nadia = await sitDown('nadia', 'ar');
  await enrol(nadia, 'hana', 'judge');
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
  const open = (await ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.open)!;
  const omar = await sitDown('omar', 'en');
  await enrol(omar, 'layla', 'reception');
  await omar.goto(`/discrepancies/${encodeURIComponent(open.id)}`);
  // Enrolled by another process: the page hears of it when the server does.
  const said = () => omar.textContent('[data-testid=cannot-sign]');
  await expect.poll(said, { timeout: 10_000 }).toContain('another role');
  await omar.context().close();
});

it('sends again, with the same bytes, what a cut line kept back', async () => {
  const open = (await ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.code === 'handover-short' && one.open)!;
  const omar = await sitDown('omar', 'en');
  await enrol(omar, 'layla', 'director');
  await omar.goto(`/discrepancies/${encodeURIComponent(open.id)}`);
  await omar.selectOption('[data-testid=why]', 'found-at-origin');
  await omar.route('**/api/v1/facts', (route) => route.abort());
  const first = omar.waitForRequest('**/api/v1/facts');
  await omar.click('[data-testid=resolve] button');
  const lost = (await first).postDataBuffer();
  await omar.waitForSelector('[role=alert]');
  await omar.unroute('**/api/v1/facts');
  await omar.reload();
  await omar.selectOption('[data-testid=why]', 'found-at-origin');
  const second = omar.waitForRequest('**/api/v1/facts');
  await omar.click('[data-testid=resolve] button');
  expect((await second).postDataBuffer()).toEqual(lost);
  await until(async () => !(await ask<Line[]>('omar', 'GET', '/discrepancies')).find((one) => one.id === open.id)!.open, 'closed');
  const page = await ask<{ devices: { role: string; facts: number; missing: unknown[]; twice: unknown[] }[] }>('omar', 'GET', '/devices');
  const signed = page.devices.filter((one) => one.role === 'director' && one.facts > 0);
  expect(signed.flatMap((one) => [...one.missing, ...one.twice])).toEqual([]);
  await omar.context().close();
});
