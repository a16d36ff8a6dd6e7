/** What is owed and what was stated: from an authority's overdue list, and from two figures to the people between them. */
import { describe, expect, it } from 'vitest';
import { ask, begin, open, ready, room } from './room.ts';
import { shortHandover, still } from './story.ts';

interface Obligations {
  authorities: { authority: string; overdue: number; running: number }[];
}
interface Statement {
  hash: string;
  definition: string;
  value: number;
}

begin(async () => {
  await shortHandover();
  await still();
});

describe.each(['en', 'ar', 'ckb'] as const)('in %s', (language) => {
  it('narrows duties to one authority, with what is overdue', async () => {
    const { page, errors, context } = await room(language);
    const told = await ask<Obligations>('/obligations');
    const first = told.authorities[0]!;
    expect(first.overdue, 'the desks of the play cannot keep up').toBeGreaterThan(0);
    await open(page, '/obligations?state=overdue');
    const rows = page.locator('[data-testid=by-authority] tbody tr');
    expect(await rows.count()).toBe(told.authorities.length);
    await rows.first().locator('button').click();
    await page.waitForURL(`**/obligations?*authority=${first.authority}*`);
    const people = page.locator('[data-testid=lines] tbody tr summary');
    await people.first().waitFor();
    // The exercise's clock runs meanwhile: page and record agree once neither has moved in between.
    const shown = async () => {
      const counts = (await people.allInnerTexts()).map((n) => Number(n.replace(/\D/g, '')));
      return counts.reduce((sum, n) => sum + n, 0);
    };
    const owed = async () => {
      const { authorities } = await ask<Obligations>('/obligations');
      return authorities.find((a) => a.authority === first.authority)!.overdue;
    };
    await expect.poll(async () => (await shown()) - (await owed()), { timeout: 15_000 }).toBe(0);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('lays two statements side by side and names the people between them', async () => {
    const { page, errors, context } = await room(language);
    const [admitted, departed] = await ask<[Statement, Statement]>('/statements');
    expect([departed.definition, admitted.definition]).toEqual(['departed@1', 'admitted@1']);
    await open(page, '/statements');
    const choices = page.locator('[data-testid=statements] input[type=checkbox]');
    await choices.nth(1).check();
    await choices.nth(0).check();
    await page.click('[data-testid=compare]');
    await ready(page);
    const people = page.locator('[data-testid=people] tbody th a');
    await people.first().waitFor();
    expect(await people.count()).toBe(departed.value - admitted.value);
    expect(await page.locator('[data-testid=causes] tbody tr').count()).toBe(1);
    await open(page, `/statements/${admitted.hash}`);
    expect(await page.locator('[data-testid=holds] .good').count()).toBe(1);
    expect(errors).toEqual([]);
    await context.close();
  });

  it('prints the balance sheet of a night', async () => {
    const { page, errors, context } = await room(language);
    await page.goto(`/api/v1/balance/2026-01-21/page?lang=${language}`);
    expect(await page.getAttribute('html', 'dir')).toBe(language === 'en' ? 'ltr' : 'rtl');
    const rows = page.locator('tbody.accounts tr');
    expect(await rows.count()).toBeGreaterThan(3);
    expect(await page.textContent('.signature')).toContain('amana/balance-sheet/v1');
    expect(errors).toEqual([]);
    await context.close();
  });
});
