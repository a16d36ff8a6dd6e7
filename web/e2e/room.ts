/** A browser on a running server, and the little that every test needs of both. */
import { type AddressInfo, createServer } from 'node:net';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll } from 'vitest';

export const url = process.env['AMANA_URL'] ?? 'http://127.0.0.1:8080';
export type Language = 'en' | 'ar' | 'ckb';
export type Theme = 'light' | 'dark';

/** `sees`: a video file (y4m) that stands before the camera, read when the camera is opened. */
export function launch(sees?: string): Promise<Browser> {
  const camera = [
    '--use-fake-ui-for-media-stream',
    '--use-fake-device-for-media-stream',
    `--use-file-for-fake-video-capture=${sees}`,
  ];
  return chromium.launch({
    executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--use-angle=swiftshader',
      '--enable-unsafe-swiftshader',
      '--disable-background-networking',
      ...(sees ? camera : []),
    ],
  });
}

export interface Room {
  page: Page;
  /** What the page wrote as an error; must stay empty. */
  errors: string[];
}

/** The browser of one file of tests. */
let browser: Browser;

/** A browser for the tests of a file, and what has to have happened before them. */
export function begin(before: () => Promise<void>) {
  beforeAll(async () => {
    browser = await launch();
    await before();
  }, 180_000);
  afterAll(() => browser.close());
}

/** A fresh page in that language and theme; nothing is open in it yet. */
export async function room(
  language: Language = 'en',
  theme: Theme = 'light',
  size = { width: 1440, height: 900 },
): Promise<Room & { context: BrowserContext }> {
  // Routes of a page do not see what a service worker fetches; e2e/offline.e2e.ts lets it be.
  const context = await browser.newContext({
    baseURL: url,
    viewport: size,
    colorScheme: theme,
    serviceWorkers: 'block',
  });
  await context.addInitScript(
    ([lang, look]) => {
      localStorage.setItem('amana.lang', lang!);
      localStorage.setItem('amana.theme', look!);
    },
    [language, theme],
  );
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    // Software rendering says of itself that it is slow; that is no fault of the page.
    const text = message.text();
    if (message.type() === 'error' && !/GPU stall|GL Driver/.test(text)) errors.push(text);
  });
  return { page, errors, context };
}

/** Opens a path and waits until the screen has its data. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await ready(page);
}

export async function ready(page: Page): Promise<void> {
  await page.waitForSelector('main h1');
  await page.waitForSelector('[data-testid=position] bdi', { state: 'attached' });
  await page.waitForFunction(() => {
    const waiting = [...document.querySelectorAll('main [role=status], main p')];
    return !waiting.some((p) => p.checkVisibility() && /^(Loading…|جارٍ التحميل…|بارکردن…)$/.test(p.textContent.trim()));
  });
}

/** What a phone keeps behind its menu is in sight. */
export async function openMenu(page: Page): Promise<void> {
  const menu = page.locator('[data-testid=menu]');
  if ((await menu.isVisible()) && (await menu.getAttribute('aria-expanded')) === 'false') await menu.click();
}

/** In the exercise: that officer, or nobody in particular. */
export async function lookAs(page: Page, persona: string): Promise<void> {
  await openMenu(page);
  await Promise.all([page.waitForEvent('load'), page.selectOption('[data-testid=look-as]', persona)]);
  await ready(page);
}

/** The record's position as the header shows it. */
export async function position(page: Page): Promise<number> {
  const text = await page.textContent('[data-testid=position]');
  return Number((text ?? '').replace(/\D/g, ''));
}

/** JSON of the server itself, to know what the screen should show. */
export async function ask<T>(path: string): Promise<T> {
  const answer = await fetch(url + '/api/v1' + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

export async function drive(change: object): Promise<void> {
  const answer = await fetch(url + '/api/v1/play', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(change),
  });
  if (!answer.ok) throw new Error(`play: ${answer.status} ${await answer.text()}`);
}

/** Asks again until the answer will do. */
export async function until<T>(
  what: () => Promise<T | null | undefined | false>,
  why: string,
  limit_ms = 120_000,
): Promise<T> {
  const end = Date.now() + limit_ms;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (Date.now() > end) throw new Error(`waited ${limit_ms / 1000} s: ${why}`);
    await new Promise((done) => setTimeout(done, 200));
  }
}

/** A port of this machine that nobody listens at. */
export function freePort(): Promise<number> {
  return new Promise((done) => {
    const socket = createServer().listen(0, '127.0.0.1', () => {
      const { port } = socket.address() as AddressInfo;
      socket.close(() => done(port));
    });
  });
}
