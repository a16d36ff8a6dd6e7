/** Rows of the table of resources, and the changes that can be asked of them. */
import type { ResourceRow } from '../api/types';

/** Nights on which a thing is used up. */
export function nightsFull(row: ResourceRow): number {
  return row.used.filter((n, i) => n > 0 && n >= (row.available[i] ?? 0)).length;
}

/** Those used up on some night, the most nights first; with `all`, everything in the server's order. */
export function shown(rows: ResourceRow[], all: boolean): ResourceRow[] {
  if (all) return rows;
  return rows
    .filter((row) => nightsFull(row) > 0)
    .toSorted((a, b) => nightsFull(b) - nightsFull(a));
}

/** One change as it is put together on the screen. */
export interface Change {
  verb: 'add' | 'lose' | 'night';
  what: string;
  where: string;
  amount: number;
  /** A date, or `all`. */
  night: string;
}

/** Words of the command line for the things of a table of resources; vehicle types are their own. */
const things: Record<string, string> = {
  'crossing-slot': 'crossing',
  'escort-team': 'team',
  'loading-bay': 'bay',
  'out-processing': 'out',
  sortie: 'flight',
};
/** Things that are had for the whole time and not for a night. */
const lasting = (what: string) =>
  !['half-hour', 'sortie', 'crossing-slot', 'loading-bay', 'out-processing', 'intake'].includes(what);

export function forWholeTime(what: string): boolean {
  return lasting(what);
}

/** The request that asks for these changes. */
export function question(changes: Change[]): { add: string[]; lose: string[] } {
  const asked = { add: [] as string[], lose: [] as string[] };
  for (const one of changes) {
    if (one.verb === 'night') {
      asked.lose.push(`night=${one.night}`);
      continue;
    }
    const place = one.where ? `@${one.where}` : '';
    const night = lasting(one.what) ? '' : `:${one.night}`;
    asked[one.verb].push(`${things[one.what] ?? one.what}${place}${night}=${one.amount}`);
  }
  return asked;
}
