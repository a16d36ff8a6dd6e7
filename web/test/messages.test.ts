/** The three catalogues say the same things, and have a word for every code of the record. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { m } from '../src/lib/paraglide/messages.js';
import { setLocale } from '../src/lib/paraglide/runtime.js';

type Variant = { match: Record<string, string> };
type Catalogue = Record<string, string | Variant[]>;
const languages = ['en', 'ar', 'ckb'] as const;
const read = (language: string) =>
  JSON.parse(
    readFileSync(new URL(`../messages/${language}.json`, import.meta.url), 'utf8'),
  ) as Catalogue;
const catalogues = Object.fromEntries(languages.map((l) => [l, read(l)])) as Record<
  (typeof languages)[number],
  Catalogue
>;

function placeholders(message: string | Variant[]): string[] {
  const texts = typeof message === 'string' ? [message] : Object.values(message[0]!.match);
  return [...new Set(texts.flatMap((t) => t.match(/\{\w+\}/g) ?? []))].sort();
}

describe.each(['ar', 'ckb'] as const)('%s', (language) => {
  it('has the same messages as English', () => {
    expect(Object.keys(catalogues[language])).toEqual(Object.keys(catalogues.en));
  });
  it('has the same placeholders', () => {
    for (const [key, message] of Object.entries(catalogues.en))
      expect([key, placeholders(catalogues[language][key]!)]).toEqual([key, placeholders(message)]);
  });
  it('leaves nothing empty or in English', () => {
    for (const [key, message] of Object.entries(catalogues[language])) {
      const text = typeof message === 'string' ? message : JSON.stringify(message);
      const words = text.replace(/\{\w+\}|[×→←0-9\s–/]/g, '');
      if (key !== '$schema' && words) expect([key, /[\u0600-\u06ff]/.test(words)]).toEqual([key, true]);
    }
  });
});

it('every message that is no code’s is said somewhere', () => {
  const folder = new URL('../src/', import.meta.url);
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const sources = files.filter((name) => /\.(svelte|ts)$/.test(name) && !name.includes('paraglide'));
  const text = sources.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
  const said = new Set([...text.matchAll(/\bm\.(\w+)/g)].map(([, key]) => key!));
  const own = Object.keys(catalogues.en).filter((key) => key !== '$schema' && !key.startsWith('code_'));
  expect(own.filter((key) => !said.has(key))).toEqual([]);
});

it('counts people with the six Arabic forms', () => {
  void setLocale('ar', { reload: false });
  const said = [0, 1, 2, 3, 11, 100].map((count) => m.people_n({ count, text: String(count) }));
  expect(said).toEqual(['لا أشخاص', 'شخص واحد', 'شخصان', '3 أشخاص', '11 شخصًا', '100 شخص']);
  void setLocale('en', { reload: false });
  expect([1, 2].map((count) => m.people_n({ count, text: String(count) }))).toEqual(['1 person', '2 people']);
  void setLocale('ckb', { reload: false });
  expect(m.people_n({ count: 2, text: '2' })).toBe('2 کەس');
});

/** The enums of the record whose codes reach a screen, with the catalogue's group for each. */
const enums: Record<string, [file: string, group: string]> = {
  Role: ['fact/officer', 'role'],
  Gate: ['fact/gate', 'gate'],
  GateOutcome: ['fact/gate', 'gatestate'],
  Basis: ['fact/gate', 'basis'],
  AdoptionReason: ['fact/reasons', 'why'],
  CancelReason: ['fact/reasons', 'why'],
  ExitReason: ['fact/reasons', 'why'],
  ResolutionReason: ['fact/reasons', 'why'],
  DeferralReason: ['fact/reasons', 'why'],
  ClockState: ['obligation/clock', 'clock'],
  IncidentKind: ['fact/reasons', 'incident'],
  Notified: ['fact/reasons', 'notified'],
  RefusalReason: ['custody', 'refusal'],
  DiscrepancyCode: ['discrepancy', 'discrepancy'],
  RevocationReason: ['keys', 'revocation'],
};
const domain = new URL('../../crates/domain/src/', import.meta.url);

const policies = new URL('../../policies/', import.meta.url);

describe.runIf(existsSync(policies))('policies', () => {
  const files = readdirSync(policies).filter((name) => name.endsWith('.cedar'));
  const text = files.map((name) => readFileSync(new URL(name, policies), 'utf8')).join('\n');
  const said = [...text.matchAll(/@id\("([^"]+)"\)\s*@says\("([^"]+)"\)\s*@source\("([^"]+)"\)/g)];
  it('are told in English as their files say them, and in every language', () => {
    expect(said.length).toBeGreaterThan(30);
    const own = said.map(([, id, says]) => [`code_policy_${id!.replaceAll('-', '_')}`, says]);
    expect(own.filter(([key, says]) => catalogues.en[key!] !== says)).toEqual([]);
  });
  it('have their source in English as their files say it, in every language, and readable by a judge', () => {
    const own = said.map(([, id, , source]) => [`code_policysource_${id!.replaceAll('-', '_')}`, source!]);
    expect(own.filter(([key, source]) => catalogues.en[key!] !== source)).toEqual([]);
    const papers = /DESIGN|ADR|docs\/|\.(md|toml|rs)\b/;
    expect(own.filter(([, source]) => papers.test(source!))).toEqual([]);
  });
  it('leave no sentence behind when they go', () => {
    const ids = said.flatMap(([, id]) => ['policy', 'policysource'].map((group) => `code_${group}_${id!.replaceAll('-', '_')}`));
    const kept = Object.keys(catalogues.en).filter((key) => /^code_policy(source)?_/.test(key));
    expect(kept.filter((key) => !ids.includes(key))).toEqual([]);
  });
  it('ask about screens and acts that are in words', () => {
    const schema = readFileSync(new URL('schema.cedarschema', policies), 'utf8');
    const screens = /entity Screen enum \[([^\]]*)\]/.exec(schema)![1]!.matchAll(/"([a-z-]+)"/g);
    const actions = schema.split(/^action /m).slice(1).flatMap((one) => [...one.split('appliesTo')[0]!.matchAll(/"([a-z-]+)"/g)]);
    const keys = [
      ...[...screens].map(([, word]) => `code_screen_${word!.replaceAll('-', '_')}`),
      ...actions.map(([, word]) => `code_action_${word!.replaceAll('-', '_')}`),
    ];
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => catalogues.en[key] === undefined)).toEqual([]);
  });
});

const codes = new URL('../../docs/codes.md', import.meta.url);

/** The server's own tests hold that list against everything it can answer with. */
describe.runIf(existsSync(codes))('what the server refuses', () => {
  const listed = readFileSync(codes, 'utf8').split('\n## Discrepancies')[0]!;
  const found = [...listed.matchAll(/^\| `([a-z.-]+)` \|/gm)].map(([, code]) => code!.replace(/[^a-z0-9]+/g, '_'));
  it.each(['problem', 'next'])('has a %s in words for every code', (group) => {
    expect(found.length).toBeGreaterThan(45);
    expect(found.filter((code) => catalogues.en[`code_${group}_${code}`] === undefined)).toEqual([]);
  });
  it('leaves no words behind when a code goes', () => {
    const kept = Object.keys(catalogues.en).flatMap((key) => /^code_(?:problem|next)_(?!web_)(.*)/.exec(key)?.[1] ?? []);
    expect(kept.filter((code) => !found.includes(code))).toEqual([]);
  });
});

const server = new URL('../../crates/server/src/', import.meta.url);

/** Each list of sentences in the server's sources, with the catalogue's group for it. */
describe.runIf(existsSync(server)).each([
  ['sentence.rs', 'detail', 40],
  ['remark.rs', 'remark', 25],
] as const)('%s', (file, group, least) => {
  const text = existsSync(server) ? readFileSync(new URL(file, server), 'utf8') : '';
  const said = [...text.matchAll(/^ {4}\w+ of "[^"]+"\s*=\s*"([a-z-]+)"\s*"([^"]+)",$/gm)].map(
    ([, id, says]) => [`code_${group}_${id!.replaceAll('-', '_')}`, says!],
  );
  it('says in English what the server says, and in every language', () => {
    expect(said.length).toBeGreaterThan(least);
    expect(said.filter(([key, says]) => catalogues.en[key!] !== says)).toEqual([]);
  });
  it('leaves no sentence behind when it goes', () => {
    const kept = Object.keys(catalogues.en).filter((key) => key.startsWith(`code_${group}_`));
    expect(kept.filter((key) => !said.some(([own]) => own === key))).toEqual([]);
  });
});

const scenario = new URL('../../scenarios/hasakah-2026/', import.meta.url);

describe.runIf(existsSync(scenario))('the reference scenario', () => {
  const read = (file: string) => readFileSync(new URL(file, scenario), 'utf8');
  const lacking = (group: string, codes: Set<string>) =>
    [...codes].filter((code) => catalogues.en[`code_${group}_${code.replace(/[^a-z0-9]+/gi, '_')}`] === undefined);
  it('names nobody as a publisher who is not in words', () => {
    const lines = read('published.csv').split('\n').filter((line) => /^\d{4}-/.test(line));
    const who = lines.map((line) => /^[^,]*,[^,]*,[^,]*,[^,]*,("[^"]*"|[^,]*)/.exec(line)![1]!.replaceAll('"', ''));
    expect(new Set(who).size).toBeGreaterThan(5);
    expect(lacking('publisher', new Set(who))).toEqual([]);
  });
  it('names no work as a source by its name in the data alone', () => {
    const lines = read('published.csv').split('\n').filter((line) => /^\d{4}-/.test(line));
    const fields = lines.map((line) => [...line.matchAll(/("[^"]*"|[^,]*)(?:,|$)/g)].map(([, one]) => one!));
    const sources = new Set(fields.map((one) => one[5]!.replaceAll('"', '')));
    const works = new Set([...sources].filter((one) => !/^[\w-]+(\.[\w-]+)+(\/|$| \(AP\))/.test(one)));
    expect(sources.size).toBeGreaterThan(works.size + 5);
    expect(works.size).toBeGreaterThan(2);
    expect(lacking('source', works)).toEqual([]);
  });
  it('knows every country that somebody comes from', () => {
    const lines = read('nationalities.csv').split('\n').filter((line) => /^[A-Z]{2},/.test(line));
    expect(lines.length).toBeGreaterThan(60);
    expect(lacking('part', new Set(lines.map((line) => line.slice(0, 2))))).toEqual([]);
  });
  it('has its provinces in three languages, the Sorani ones in Sorani letters', () => {
    const { features } = JSON.parse(read('map/provinces.geojson')) as { features: { properties: Record<string, string> }[] };
    expect(features.length).toBeGreaterThan(30);
    for (const { properties } of features) {
      expect(properties['ckb']).toMatch(/^[\u0600-\u06ff ]+$/);
      // Letters of Arabic that Sorani does not write.
      expect(properties['ckb']).not.toMatch(/[يىكةثذصضطظأإآ]/);
      expect(properties['ar']).toMatch(/^[\u0600-\u06ff ]+$/);
      expect(properties['ar']).not.toMatch(/^محافظة/);
    }
  });
  it('prohibits no weather that is not in words', () => {
    const lists = [...read('operation.toml').matchAll(/^prohibited = \[(.*)\]/gm)].flatMap(([, one]) => one!.split(','));
    const kinds = lists.map((one) => one.replace(/[^A-Z+-]/g, ''));
    expect(kinds.length).toBeGreaterThan(3);
    expect(lacking('weather', new Set(kinds))).toEqual([]);
  });
});

const forms = new URL('../../crates/register/src/form.rs', import.meta.url);

it.runIf(existsSync(forms))('has a word for every field of the register’s forms', () => {
  const blocks = readFileSync(forms, 'utf8').matchAll(/pub struct (Identity|Health|Case|Family|Contact|Property|Item|Death) \{([^}]*)\}/g);
  const fields = [...blocks].flatMap(([, , block]) => [...block!.matchAll(/pub (\w+):/g)].map((f) => f[1]!));
  expect(fields.length).toBeGreaterThan(20);
  const lacking = fields.filter((field) => catalogues.en[`code_field_${field}`] === undefined);
  expect(lacking.filter((field) => field !== 'person')).toEqual([]);
});

const reading = new URL('../../crates/register/src/read.rs', import.meta.url);

it.runIf(existsSync(reading))('has a word for everything that can be amiss with a field', () => {
  const faults = [...readFileSync(reading, 'utf8').matchAll(/^ {8}\w+ = "([a-z-]+)",/gm)].map((f) => f[1]!);
  expect(faults.length).toBe(12);
  expect(faults.filter((code) => catalogues.en[`code_fault_${code.replaceAll('-', '_')}`] === undefined)).toEqual([]);
});

/** Only beside the server's sources; the catalogues stand alone without them. */
describe.runIf(existsSync(domain))('codes of the record', () => {
  const source = (file: string) => readFileSync(new URL(`${file}.rs`, domain), 'utf8');
  const known = (group: string, code: string) =>
    catalogues.en[`code_${group}_${code.replace(/[^a-z0-9]+/gi, '_')}`] !== undefined;

  it.each(Object.entries(enums))('%s are all in words', (name, [file, group]) => {
    const block = new RegExp(`(?:^|\\()\\s*${name} \\{([^}]*= "[^}]*)\\}`, 'm').exec(source(file))?.[1] ?? '';
    const codes = [...block.matchAll(/= "([a-z-]+)"/g)].map((found) => found[1]!);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !known(group, code))).toEqual([]);
  });
  it('kinds of facts are all in words', () => {
    const kinds = [...source('fact/kind').matchAll(/Event::\w+ \{ \.\. \} => "([a-z-]+)"/g)];
    expect(kinds.length).toBeGreaterThan(20);
    expect(kinds.map((k) => k[1]!).filter((code) => !known('kind', code))).toEqual([]);
  });
  it('steps and misfits are all in words', () => {
    const custody = source('custody');
    const steps = [...custody.matchAll(/Step::\w+ \{[^}]*\}+ => "([a-z-]+)"/g)].map((s) => s[1]!);
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter((code) => !known('step', code))).toEqual([]);
    const misfits = [...custody.matchAll(/#\[error\("([^"]+)"\)\]/g)].map((s) => s[1]!);
    expect(misfits.filter((text) => !known('misfit', text))).toEqual([]);
  });
});
