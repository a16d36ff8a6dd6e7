/** A page kept as a picture, and held against the rules for accessible pages. */
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { expect } from 'vitest';

export const shots = join(import.meta.dirname, '../../artifacts/screenshots');
mkdirSync(shots, { recursive: true });

/** What axe finds, and what must be moved sideways to be read; nothing when all is well. */
export async function faults(page: Page, name: string): Promise<string[]> {
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, animations: 'disabled' });
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  const { violations } = await new AxeBuilder({ page }).analyze();
  const found = violations.map((v) => `${v.id} at ${v.nodes.map((n) => n.target.join(' ')).join(', ')}`);
  if (wide > 0) found.push(`${wide} px wider than the window`);
  return found.map((one) => `${name}: ${one}`);
}

export async function clean(page: Page, name: string) {
  expect(await faults(page, name)).toEqual([]);
}
