/** One missing person, from the list of differences to the signatures on both sides. */
import { describe, expect, it } from 'vitest';
import { begin, open, room } from './room.ts';
import { type Short, shortHandover, still } from './story.ts';

let short: Short;

begin(async () => {
  short = await shortHandover();
  await still();
});

const words = {
  en: { dir: 'ltr', title: 'Handover short', answer: /refused|not present/ },
  ar: { dir: 'rtl', title: 'نقص في التسليم', answer: /رُفض|غير حاضر/ },
} as const;

describe.each(['en', 'ar'] as const)('in %s', (language) => {
  it('leads from the discrepancy to the custody chain with both signatures', async () => {
    const { page, errors, context } = await room(language);
    const expected = words[language];
    await open(page, '/discrepancies');
    expect(await page.getAttribute('html', 'dir')).toBe(expected.dir);
    expect(await page.getAttribute('html', 'lang')).toBe(language);

    await page.selectOption('[data-testid=code]', 'handover-short');
    await page.click(`main th a[href="/discrepancies/${encodeURIComponent(short.id)}"]`);
    await page.waitForSelector('[data-testid=persons]');
    expect(await page.textContent('h1')).toContain(expected.title);

    const persons = page.locator('[data-testid=persons] a');
    expect(await persons.allTextContents()).toEqual(short.people);
    await persons.first().click();
    await page.waitForSelector('[data-testid=chain]');

    const handover = page
      .locator('[data-testid=handover]')
      .filter({ hasText: expected.answer })
      .first();
    const signatures = handover.locator('[data-testid=signature]');
    expect(await signatures.count()).toBe(2);
    const said = await signatures.allInnerTexts();
    for (const text of said) expect(text).toMatch(/[0-9a-f]{16}/);
    const devices = said.map((text) => /\b[0-9a-f]{8}\b/.exec(text)?.[0]);
    expect(new Set(devices).size, 'giver and receiver sign with devices of their own').toBe(2);

    // The address stands alone: a reload shows the same.
    await page.reload();
    await page.waitForSelector('[data-testid=handover]');
    expect(errors).toEqual([]);
    await context.close();
  });

  it('asks for particulars only when they are opened', async () => {
    const { page, context } = await room(language);
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await open(page, `/people/${short.people[0]}`);
    expect(asked.filter((one) => one.includes('particulars'))).toEqual([]);
    const request = page.waitForRequest((one) => one.url().includes('particulars'));
    await page.click('[data-testid=particulars] summary');
    await request;
    await page.waitForSelector('[data-testid=particulars] [role=status]', { state: 'detached' });
    expect(asked.filter((one) => one.includes('particulars'))).toHaveLength(1);
    await context.close();
  });
});
