/** Sentences that the server sends in a word with its values, in the language of the room. */
import type { Problem, Remark } from '../api/types';
import { m } from '../lib/paraglide/messages';
import { names } from '../live/operation.svelte';
import { codeKey, codeText, knows } from './codes';
import { isLanguage, ownNames } from './direction';
import { decimal, isolated, localDate, localTime, number } from './format';
import { language } from './language.svelte';
import { partText } from './part';

type Values = Record<string, string>;
const all = m as unknown as Record<string, ((values: Values) => string) | undefined>;

/** A hash is told by its first digits and an instant by the operation's clock, as everywhere. */
function told(text: string): string {
  if (/^[0-9a-f]{32,}$/.test(text)) return text.slice(0, 12);
  if (!/^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)) return text;
  return `${localDate(text, names.offset_s, language.now, true)} ${localTime(text, names.offset_s)}`;
}

/** `IQ 3, SY 10` by code. */
function amounts(text: string): Map<string, string> {
  const parts = text.split(', ').map((one) => /^(.*) (\d+)$/.exec(one));
  return new Map(parts.flatMap((found) => (found ? [[found[1]!, found[2]!] as const] : [])));
}

/** Of two tables of parts those that differ, by name. */
function differing(stated: string, computed: string): Values {
  const [one, other] = [amounts(stated), amounts(computed)];
  const codes = [...new Set([...one.keys(), ...other.keys()])].filter((code) => one.get(code) !== other.get(code));
  const say = (of: Map<string, string>) =>
    isolated(codes.map((code) => `${partText(code)} ${number(Number(of.get(code) ?? 0))}`).join(' · '));
  return { stated: say(one), computed: say(other) };
}

function shown(key: string, value: unknown): string {
  if (typeof value === 'number') return Number.isInteger(value) ? number(value) : decimal(value);
  const text = String(value);
  if (key === 'what' && knows('asked', text)) return codeText('asked', text);
  if (key === 'weather') return codeText('weather', text);
  if (key === 'language' && isLanguage(text)) return isolated(ownNames[text]);
  if (key === 'section' && knows('section', text)) return codeText('section', text);
  if (names.isAuthority(text)) return isolated(names.authorityName(text));
  return isolated(told(text));
}

/** `null` for a sentence that this room has no words for. */
function sentence(group: 'detail' | 'remark', { id, values }: Remark['said']): string | null {
  const entries = Object.entries(values as Record<string, unknown>);
  const say = all[codeKey(group, id)];
  if (group === 'remark' && id === 'parts') {
    const { stated, computed } = values as Values;
    return say?.(differing(stated ?? '', computed ?? '')) ?? null;
  }
  return say?.(Object.fromEntries(entries.map(([key, value]) => [key, shown(key, value)]))) ?? null;
}

/** `null` where the server sent no such sentence, or one that this room has no words for. */
export function detailText(problem: Problem): string | null {
  return problem.said ? sentence('detail', problem.said) : null;
}

export function remarkText(remark: Remark): string {
  return sentence('remark', remark.said) ?? remark.text;
}
