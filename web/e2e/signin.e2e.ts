/** Signing in: by password, by passkey, by a real OpenID Connect provider; enrolling a phone. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import Provider from 'oidc-provider';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { freePort, launch, type Language, until } from './room.ts';

const root = resolve(import.meta.dirname, '../..');
const amana = process.env['AMANA_BIN'] ?? join(root, 'target/debug/amana');
const shots = join(root, 'artifacts/screenshots');
const password = 'seven quiet buses wait';

let browser: Browser;
let work: string;
let server: ChildProcess;
let provider: Server;
let address: string;

function run(...words: string[]): string {
  return execFileSync(amana, words, { cwd: root, input: `${password}\n`, encoding: 'utf8' });
}

function add(store: string, login: string, role: string, ...more: string[]) {
  const who = ['--authority', 'justice', '--role', role, '--number', '7', '--name', `Officer ${login}`];
  run('account', 'add', login, '--store', store, ...who, ...more);
}

beforeAll(async () => {
  browser = await launch();
  work = mkdtempSync(join(tmpdir(), 'amana-signin-'));
  const store = `sqlite:${join(work, 'record.db')}`;
  run('init', '--store', store, '--scenario', 'scenarios/hasakah-2026');
  add(store, 'salma', 'keyholder');
  add(store, 'omar', 'director', '--provider-subject', 'omar-at-the-ministry');
  const [port, providerPort] = [await freePort(), await freePort()];
  address = `http://localhost:${port}`;
  const issuer = `http://localhost:${providerPort}`;
  const oidc = new Provider(issuer, {
    clients: [
      {
        client_id: 'amana',
        client_secret: 'a secret between the two',
        redirect_uris: [`${address}/api/v1/session/provider/back`],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        application_type: 'native',
      },
    ],
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id }) }),
    pkce: { required: () => true },
  });
  provider = createServer(oidc.callback()).listen(providerPort, 'localhost');
  const secret = join(work, 'secret');
  execFileSync('sh', ['-c', `printf 'a secret between the two' > ${secret}`]);
  server = spawn(
    amana,
    ['serve', '--store', store, '--listen', `127.0.0.1:${port}`, '--address', address,
      '--openid-issuer', issuer, '--openid-client', 'amana', '--openid-secret', secret],
    { cwd: root, stdio: 'ignore' },
  );
  await until(() => fetch(`${address}/api/v1/session`).then((r) => r.ok, () => false), 'the server');
}, 120_000);

afterAll(async () => {
  server?.kill();
  provider?.close();
  await browser?.close();
  if (work) rmSync(work, { recursive: true });
});

async function visit(path = '/', language: Language = 'en'): Promise<Page> {
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 800 } });
  await context.addInitScript((lang) => localStorage.setItem('amana.lang', lang), language);
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(path);
  return page;
}

async function signIn(page: Page, login: string, word = password) {
  await page.fill('input[autocomplete=username]', login);
  await page.fill('input[type=password]', word);
  await page.click('form button');
}

const officer = (page: Page) => page.waitForSelector('[data-testid=officer]');

it('shows nothing before sign-in, in three languages', async () => {
  for (const language of ['en', 'ar', 'ckb'] as const) {
    const page = await visit('/people', language);
    await page.waitForSelector('form');
    expect(await page.locator('nav').count()).toBe(0);
    await page.screenshot({ path: join(shots, `signin-${language}.png`) });
    await page.context().close();
  }
});

it('signs in by password, refuses a wrong one, signs out', async () => {
  const page = await visit('/people');
  await signIn(page, 'salma', 'not the password at all');
  await page.waitForSelector('[role=alert]');
  await signIn(page, 'salma');
  await officer(page);
  await page.waitForSelector('main h1');
  await page.goto('/account');
  await page.waitForSelector('main dl');
  await page.screenshot({ path: join(shots, 'account-en.png') });
  await page.click('main dl + button');
  await page.waitForSelector('input[autocomplete=username]');
  await page.context().close();
});

it('makes a passkey and signs in with it', async () => {
  const page = await visit('/account');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    },
  });
  await signIn(page, 'salma');
  await officer(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByText('good for signing in').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await officer(page);
  const session = await page.evaluate(() => fetch('/api/v1/session').then((r) => r.json()));
  expect(session.officer.way).toBe('passkey');
  await page.context().close();
});

it('signs in by the provider, and only those who have an account', async () => {
  for (const [subject, known] of [['omar-at-the-ministry', true], ['a-stranger', false]] as const) {
    const page = await visit();
    await page.getByRole('link', { name: 'ministry' }).click();
    await page.fill('input[name=login]', subject);
    await page.fill('input[name=password]', 'whatever the provider asks');
    await page.click('button[type=submit]');
    await page.getByRole('button', { name: 'Continue' }).click();
    if (known) {
      await officer(page);
      const session = await page.evaluate(() => fetch('/api/v1/session').then((r) => r.json()));
      expect(session.officer).toMatchObject({ login: 'omar', role: 'director', way: 'provider' });
    } else {
      await page.getByText('sign-in-refused').waitFor();
    }
    await page.context().close();
  }
});

it('draws a ticket, and a phone asks by it', async () => {
  const page = await visit('/devices');
  await signIn(page, 'salma');
  await page.getByRole('button', { name: 'Draw a ticket' }).click();
  await page.waitForSelector('figure img');
  await page.screenshot({ path: join(shots, 'devices-en.png') });
  const ticket = await page.evaluate(async () => {
    const asked = { role: 'gate', site: null };
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify(asked) };
    return (await fetch('/api/v1/devices/tickets', init)).json();
  });
  const phone = await visit(ticket.address.slice(address.length), 'ar');
  await phone.fill('[data-testid=holder]', 'هناء، 12');
  await phone.click('main form button');
  const shown = (await phone.textContent('[data-testid=code]'))?.trim();
  await phone.screenshot({ path: join(shots, 'enrol-ar.png') });
  await page.reload();
  await page.waitForSelector('[data-testid=requests]');
  const requests = await page.textContent('[data-testid=requests]');
  expect(requests).toContain(shown);
  expect(requests).toContain('هناء، 12');
  await phone.context().close();
  await page.context().close();
});
