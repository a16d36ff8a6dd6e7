/** A section while it is being written: what the fields hold, and what of it is sent. Which fields there
 *  are, and what may stand in them, the server says. */
import type { FieldLine } from '../api/types';

/** A text, a list of texts, or rows of fields. */
export type Held = string | string[] | Draft[];
export interface Draft {
  [field: string]: Held;
}

const nothing = (field: FieldLine): Held =>
  field.kind === 'texts' || field.kind === 'people' || field.kind === 'rows' ? [] : '';

/** The fields with what the section says, as texts that can be edited. */
export function draftOf(form: FieldLine[], says: Record<string, unknown> = {}): Draft {
  return Object.fromEntries(
    form.map((field) => {
      const said = says[field.name];
      if (said === undefined || said === null) return [field.name, nothing(field)];
      if (field.kind === 'rows') {
        const rows = said as Record<string, unknown>[];
        return [field.name, rows.map((row) => draftOf(field.fields, row))];
      }
      return [field.name, Array.isArray(said) ? said.map(String) : String(said)];
    }),
  );
}

/** A new entry of a list. */
export const entryOf = (field: FieldLine): string | Draft =>
  field.kind === 'rows' ? draftOf(field.fields) : '';

const blank = (held: string | Draft): boolean =>
  typeof held === 'string' ? held.trim() === '' : Object.values(held).every((one) => one === '');

/** Without entries that hold nothing: the places that the server names are then those on the page. */
export function tidied(draft: Draft): Draft {
  const kept = Object.entries(draft).map(([name, held]) => [
    name,
    Array.isArray(held) ? (held as (string | Draft)[]).filter((entry) => !blank(entry)) : held,
  ]);
  return Object.fromEntries(kept) as Draft;
}

/** What is sent. What is not known is left out, except a list that a section cannot be without: it is
 *  worth saying that there was nothing. */
export function saysOf(form: FieldLine[], draft: Draft): Record<string, unknown> {
  const says: Record<string, unknown> = {};
  for (const field of form) {
    const held = draft[field.name] ?? nothing(field);
    if (field.kind === 'rows') {
      const rows = (held as Draft[]).map((row) => saysOf(field.fields, row));
      if (rows.length || field.needed) says[field.name] = rows;
    } else if (Array.isArray(held)) {
      const entries = (held as string[]).map((text) => text.trim());
      if (entries.length || field.needed) says[field.name] = entries;
    } else {
      const text = (held as string).trim();
      // What is no number goes as it was written, and is refused by name.
      if (text) says[field.name] = field.kind === 'number' && /^\d{1,15}$/.test(text) ? Number(text) : text;
    }
  }
  return says;
}
