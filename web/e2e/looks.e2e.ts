/** Need to know, in the room: look as an officer, give a purpose, be refused, break the glass; and the
 *  overseer who reads it all. */
import { expect, it } from 'vitest';
import { clean } from './clean.ts';
import { ask, begin, lookAs, open, room } from './room.ts';
import { still } from './story.ts';

let person: string;
/** Who has gone from the sender to the receiver. */
let gone: string;

begin(async () => {
  await still();
  // Somebody whom the sender still holds.
  const page = await ask<{ people: { person: string }[] }>('/people?state=held&site=hasakah&limit=1');
  person = page.people[0]!.person;
  const admitted = await ask<typeof page>('/people?state=admitted&limit=1');
  gone = admitted.people[0]!.person;
});

it.each(['en', 'ar'] as const)('opens a section with a purpose, and the overseer reads it, in %s', async (language) => {
  const { page, errors, context } = await room(language);
  await open(page, `/people/${person}`);
  await page.click('[data-testid=particulars] summary');
  await page.waitForSelector('[data-testid=particulars] p');
  expect(await page.locator('[data-testid=purpose]').count(), 'a look is somebody’s').toBe(0);

  await lookAs(page, 'sender/registrar');
  await page.click('[data-testid=particulars] summary');
  await page.selectOption('[data-testid=purpose]', 'identification');
  await page.click('[data-testid=open]');
  await page.waitForSelector('[data-testid=look] a');
  const fact = await page.getAttribute('[data-testid=look] a', 'href');
  // Health is refused, with who could.
  await page.selectOption('[data-testid=section]', 'health');
  await page.waitForSelector('[data-testid=refused]');
  await clean(page, `look-${language}`);

  // The border has nothing to do with somebody whom the sender holds: nobody, for them.
  await lookAs(page, 'interior/border');
  expect(await page.textContent('main')).toContain('unknown-person');
  // Told whole in the language of the room, with the number that was asked for.
  const detail = await page.textContent('[data-testid=detail]');
  expect(detail).toContain(person);
  expect(detail).toMatch(language === 'ar' ? /^لا أحد/ : /^nobody whom you may see/);
  await clean(page, `nobody-${language}`);
  // Air cover sees nobody, whoever it is.
  await lookAs(page, 'air-cover/air-cover');
  expect(await page.textContent('main')).toContain('not-allowed');
  // Told in the language of the room, with who could.
  expect(await page.textContent('[data-testid=refusal]')).toMatch(language === 'ar' ? /^مرفوض/ : /^Refused/);
  await clean(page, `refused-${language}`);
  await open(page, '/people');

  await lookAs(page, 'icrc/monitor');
  await open(page, `/looks?person=${person}`);
  await page.waitForSelector('[data-testid=looks]');
  expect(await page.locator(`[data-testid=looks] a[href="${fact}"]`).count()).toBe(1);
  expect(await page.textContent('[data-testid=policies] tbody th')).toMatch(language === 'ar' ? /^[\u0600-\u06ff]/ : /^[A-Z]/);
  await clean(page, `looks-${language}`);
  await page.check('[data-testid=look-glass]');
  expect(page.url()).toContain('glass=true');
  // The refusals above are answers of the server, and the browser says so.
  expect(errors.filter((text) => !/40[34]/.test(text))).toEqual([]);
  await context.close();
});

it('tells the overseer at once when somebody breaks the glass', async () => {
  const watch = await room();
  await open(watch.page, '/');
  await lookAs(watch.page, 'icrc/monitor');
  const answer = await watch.page.evaluate(async (number) => {
    const said = await fetch(`/api/v1/people/${number}/particulars`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sections: ['identity'], purpose: 'care', break_glass: 'medical-emergency' }),
    });
    return said.status;
  }, gone);
  expect(answer, 'nobody in particular does not look').toBe(403);
  const other = await room();
  await open(other.page, '/people');
  await lookAs(other.page, 'sender/physician');
  const opened = await other.page.evaluate(async (number) => {
    const said = await fetch(`/api/v1/people/${number}/particulars`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ sections: ['identity'], purpose: 'care', break_glass: 'medical-emergency' }),
    });
    return said.status;
  }, gone);
  expect(opened).toBe(200);
  await watch.page.waitForSelector('[data-testid=notice]');
  await clean(watch.page, 'notice-en');
  await watch.context.close();
  await other.context.close();
});
