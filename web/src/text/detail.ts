/** Sentences that the server sends in a word with its values, in the language of the room. */
import type { Problem, Remark } from '../api/types';
import { m } from '../lib/paraglide/messages';
import { names } from '../live/operation.svelte';
import { codeKey, codeText, knows } from './codes';
import { isLanguage, ownNames } from './direction';
import { decimal, isolated, number } from './format';

type Values = Record<string, string>;
const all = m as unknown as Record<string, ((values: Values) => string) | undefined>;

/** A hash is told by its first digits, as everywhere. */
const told = (text: string) => (/^[0-9a-f]{32,}$/.test(text) ? text.slice(0, 12) : text);

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
  return say?.(Object.fromEntries(entries.map(([key, value]) => [key, shown(key, value)]))) ?? null;
}

/** `null` where the server sent no such sentence, or one that this room has no words for. */
export function detailText(problem: Problem): string | null {
  return problem.said ? sentence('detail', problem.said) : null;
}

export function remarkText(remark: Remark): string {
  return sentence('remark', remark.said) ?? remark.text;
}
