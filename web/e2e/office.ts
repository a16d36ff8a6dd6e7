/** A served record with accounts, and the officers who sit down at it, each in a browser of their own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { freePort, launch, type Language, until } from './room.ts';

const root = resolve(import.meta.dirname, '../..');
const amana = process.env['AMANA_BIN'] ?? join(root, 'target/debug/amana');
/** A folder with a record (amana.sqlite) of people in the receiver's custody, made by bin/room-test. */
const played = process.env['AMANA_PLAYED'] ?? '';
const password = 'seven quiet buses wait';
const officers = {
  layla: ['justice', 'keyholder'],
  omar: ['justice', 'director'],
  hana: ['judicial-council', 'keyholder'],
  nadia: ['judicial-council', 'judge'],
} as const;
export type Login = keyof typeof officers;
const laptop = { width: 1280, height: 900 };

export class Office {
  readonly work = mkdtempSync(join(tmpdir(), 'amana-office-'));
  readonly store = `sqlite:${join(this.work, 'amana.sqlite')}`;
  /** What stands before the officers' cameras (y4m). */
  readonly camera = join(this.work, 'camera.y4m');
  address = '';
  #server: ChildProcess | undefined;
  #browser: Browser | undefined;
  #cookies: Partial<Record<Login, string>> = {};

  async open() {
    this.#browser = await launch(this.camera);
    cpSync(played, this.work, { recursive: true });
    for (const [login, [authority, role]] of Object.entries(officers)) {
      const who = ['--authority', authority, '--role', role, '--number', '7', '--name', `Officer ${login}`];
      this.run(['account', 'add', login, '--store', this.store, ...who], password);
    }
    const port = await freePort();
    this.address = `http://localhost:${port}`;
    const listen = ['--listen', `127.0.0.1:${port}`, '--address', this.address];
    this.#server = spawn(amana, ['serve', '--store', this.store, ...listen], { cwd: root, stdio: 'ignore' });
    await until(() => fetch(`${this.address}/api/v1/session`).then((r) => r.ok, () => false), 'the server');
  }

  async close() {
    this.#server?.kill();
    await this.#browser?.close();
    rmSync(this.work, { recursive: true });
  }

  /** The command line, with what is typed into it. */
  run(words: string[], typed = ''): string {
    return execFileSync(amana, words, { cwd: root, input: `${typed}\n`, encoding: 'utf8', stdio: 'pipe' });
  }

  async ask<T>(as: Login, method: string, path: string, body?: unknown): Promise<T> {
    this.#cookies[as] ??= await this.#signedIn(as);
    const headers = { cookie: this.#cookies[as], 'content-type': 'application/json' };
    const init = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${this.address}/api/v1${path}`, { method, headers, ...init });
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async #signedIn(login: Login): Promise<string> {
    const answer = await fetch(`${this.address}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ login, password }),
    });
    return answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
  }

  /** The part of a ticket's address after the '#'. */
  async ticket(keyholder: Login, role: string): Promise<string> {
    const asked = { role, site: null };
    const drawn = await this.ask<{ address: string }>(keyholder, 'POST', '/devices/tickets', asked);
    return drawn.address.split('#')[1]!;
  }

  /** A fresh browser; it keeps the room's own files when asked. */
  async visit(language: Language, viewport = laptop, serviceWorkers: 'allow' | 'block' = 'block'): Promise<Page> {
    const context = await this.#browser!.newContext({ baseURL: this.address, viewport, serviceWorkers });
    await context.addInitScript((lang) => localStorage.setItem('amana.lang', lang), language);
    const page = await context.newPage();
    page.setDefaultTimeout(30_000);
    return page;
  }

  /** An officer's own browser, signed in. */
  async sitDown(
    login: Login,
    language: Language,
    viewport = laptop,
    serviceWorkers: 'allow' | 'block' = 'block',
  ): Promise<Page> {
    const page = await this.visit(language, viewport, serviceWorkers);
    await page.goto('/');
    await page.fill('input[autocomplete=username]', login);
    await page.fill('input[type=password]', password);
    await page.click('form button');
    await page.waitForSelector('[data-testid=officer]', { state: 'attached' });
    return page;
  }

  /** The browser makes a key and asks by a ticket; the digits it shows. */
  async askToEnrol(page: Page, keyholder: Login, role: string, holder = 'Officer 7'): Promise<string> {
    await page.goto(`/enrol#${await this.ticket(keyholder, role)}`);
    await page.fill('[data-testid=holder]', holder);
    await page.click('main form button');
    return (await page.textContent('[data-testid=code]'))!.trim();
  }

  /** The browser becomes a device: by ticket, key, and the keyholder's signature. */
  async enrol(page: Page, keyholder: Login, role: string) {
    const digits = await this.askToEnrol(page, keyholder, role);
    this.run(['device', 'enrol', digits, '--store', this.store]);
  }
}
