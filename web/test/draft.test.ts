/** What a form holds and what of it is sent: nothing is lost on the way there and back. */
import { describe, expect, it } from 'vitest';
import type { FieldLine } from '../src/api/types';
import { draftOf, entryOf, saysOf, tidied } from '../src/person/draft';

const field = (name: string, kind: string, more: Partial<FieldLine> = {}): FieldLine => ({
  name,
  kind,
  needed: false,
  words: [],
  fields: [],
  ...more,
});
const property = [
  field('seal', 'text'),
  field('items', 'rows', {
    needed: true,
    fields: [field('what', 'text', { needed: true }), field('count', 'number', { needed: true })],
  }),
];
const health = [
  field('examined_on', 'date', { needed: true }),
  field('travels', 'word', { needed: true, words: ['fit'] }),
  field('conditions', 'texts'),
];

describe('a section being written', () => {
  it('comes back as it was read', () => {
    const said = { seal: 'K-118', items: [{ what: 'ring', count: 2 }] };
    expect(saysOf(property, draftOf(property, { person: 'A-000001-3', ...said }))).toEqual(said);
  });
  it('leaves out what is not known, and says that there was nothing', () => {
    expect(saysOf(property, draftOf(property))).toEqual({ items: [] });
    expect(saysOf(health, draftOf(health))).toEqual({});
  });
  it('sends what is no number as it was written, for the server to refuse', () => {
    const draft = draftOf(property, { items: [{ what: 'ring', count: 1 }] });
    (draft['items'] as { count: string }[])[0]!.count = 'two';
    expect(saysOf(property, draft)).toEqual({ items: [{ what: 'ring', count: 'two' }] });
  });
  it('drops entries that hold nothing before they are counted', () => {
    const draft = draftOf(health, { examined_on: '2026-01-18', travels: 'fit', conditions: ['', ' asthma '] });
    expect(tidied(draft)['conditions']).toEqual([' asthma ']);
    expect(saysOf(health, tidied(draft))['conditions']).toEqual(['asthma']);
    const rows = draftOf(property);
    rows['items'] = [entryOf(property[1]!) as never];
    expect(tidied(rows)['items']).toEqual([]);
  });
});
