/** An officer writes a section down on a person's page, is told what will not do, and corrects it; one
 *  whose role may not is told who may. */
import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { clean } from './clean.ts';
import { ask, begin, type Language, lookAs, open, room } from './room.ts';
import { still } from './story.ts';

/** People whom the sender holds: one for each language. */
let people: string[];

begin(async () => {
  await still();
  const page = await ask<{ people: { person: string }[] }>('/people?state=held&site=hasakah&limit=500');
  people = page.people.slice(-3).map((one) => one.person);
});

async function openSections(page: Page, persona: string) {
  await lookAs(page, persona);
  await page.click('[data-testid=particulars] summary');
  await page.waitForSelector('[data-testid=section]');
}

const cases: [Language, { width: number; height: number }][] = [
  ['en', { width: 1440, height: 900 }],
  ['ar', { width: 360, height: 740 }],
  ['ckb', { width: 360, height: 740 }],
];

/** Of the policy that lets a registrar write property down. */
const wrote: Record<Language, string> = {
  en: 'write property down, as it is taken into keeping',
  ar: 'يدوّنون الممتلكات عند تسلّمها',
  ckb: 'کەلوپەل دەنووسن',
};

it.each(cases)('writes a section down and corrects it, in %s', async (language, size) => {
  const { page, errors, context } = await room(language, 'light', size);
  const person = people[cases.findIndex(([one]) => one === language)]!;
  await open(page, `/people/${person}`);
  await openSections(page, 'sender/registrar');
  await page.selectOption('[data-testid=section]', 'property');
  await page.selectOption('[data-testid=purpose]', 'transfer');
  await page.click('[data-testid=write-down]');
  await page.click('[data-testid=add-items]');
  await page.fill('[data-field="items.0.what"] input', 'ring');
  await page.fill('[data-field="items.0.count"] input', '0');
  await page.click('[data-testid=keep]');
  // The server names the field; it is marked, in the language of the room, and has the keyboard.
  await page.waitForSelector('[data-testid=faults]');
  expect(await page.locator('[aria-invalid=true]').count()).toBe(1);
  const fault = await page.textContent('[data-field="items.0.count"] .fault');
  expect(fault).toMatch(language === 'en' ? /^Not a whole number/ : /[\u0600-\u06ff]/);
  await page.waitForFunction(() => document.activeElement?.getAttribute('aria-invalid') === 'true');
  await clean(page, `write-faults-${language}`);
  await page.fill('[data-field="items.0.count"] input', '2');
  await page.click('[data-testid=keep]');
  await page.waitForSelector('[data-testid=kept] a');
  const fact = await page.getAttribute('[data-testid=kept] a', 'href');

  // A correction begins from what was read, and the look is in the record.
  await page.selectOption('[data-testid=purpose]', 'transfer');
  await page.click('[data-testid=open]');
  await page.click('[data-testid=correct]');
  expect(await page.inputValue('[data-field="items.0.what"] input')).toBe('ring');
  await page.fill('[data-field="seal"] input', 'K-118');
  await clean(page, `write-${language}`);
  // It reaches the server and the answer does not come back: kept once more, it is the same version.
  await page.route('**/particulars/property', async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.click('[data-testid=keep]');
  await page.waitForSelector('[data-testid=write] [role=alert]');
  await page.unroute('**/particulars/property');
  await page.click('[data-testid=keep]');
  await page.waitForSelector('[data-testid=kept] a');
  expect(await page.textContent('[data-testid=kept]')).toContain('2');

  // Health is the physician's: the registrar is told so, and is offered nothing to write.
  await page.selectOption('[data-testid=section]', 'health');
  await page.waitForSelector('[data-testid=refused]');
  expect(await page.locator('[data-testid=write-down]').count()).toBe(0);

  // The fact says who wrote, and by which policy, in the language of the room.
  await open(page, fact!);
  const told = await page.textContent('main');
  expect(told).toContain(wrote[language]);
  expect(told).toMatch(/registrar 9\d{3}|مسجِّل 9\d{3}|تۆمارکار 9\d{3}/);
  await clean(page, `written-fact-${language}`);
  const unlike = errors.filter((text) => !text.includes('422') && !text.includes('ERR_FAILED'));
  expect(unlike, 'a form refused is an answer of the server; one line was cut').toEqual([]);
  await context.close();
});

it.each(['identity', 'health', 'case', 'family', 'death'] as const)('draws the form of %s', async (section) => {
  const who = { identity: 'sender/registrar', health: 'sender/physician', case: 'judicial-council/judge',
    family: 'sender/director', death: 'sender/director' }[section];
  const purpose = { identity: 'identification', health: 'care', case: 'review', family: 'tracing',
    death: 'tracing' }[section];
  const { page, context } = await room('ar', 'light', { width: 360, height: 740 });
  await open(page, `/people/${people[0]}`);
  await openSections(page, who);
  await page.selectOption('[data-testid=section]', section);
  await page.selectOption('[data-testid=purpose]', purpose);
  if (section === 'death') await page.click('[data-testid=write-down]');
  else {
    await page.click('[data-testid=open]');
    await page.click('[data-testid=correct]');
  }
  await page.waitForSelector('[data-testid=write] [data-field]');
  await clean(page, `form-${section}-ar`);
  if (section !== 'death') {
    // Written again as it was read, it will do: the form loses nothing on its way.
    await page.click('[data-testid=keep]');
    await page.waitForSelector('[data-testid=kept] a');
  }
  await context.close();
});
