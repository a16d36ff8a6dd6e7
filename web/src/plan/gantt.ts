/** Rows and cells of the table of nights: one row for each pair of sites, one cell for a night. */
import type { MovementLine, NightLine } from '../api/types';

interface Row {
  key: string;
  kind: string;
  from: string;
  to: string;
  /** By index of the night; empty when nothing goes. */
  cells: MovementLine[][];
  people: number;
}

/** The most people first. */
export function rows(nights: NightLine[]): Row[] {
  const found = new Map<string, Row>();
  nights.forEach((night, i) => {
    for (const one of night.movements) {
      const key = `${one.from} ${one.to} ${one.kind}`;
      const row = found.get(key) ?? {
        key,
        kind: one.kind,
        from: one.from,
        to: one.to,
        cells: nights.map(() => []),
        people: 0,
      };
      row.cells[i]!.push(one);
      row.people += carried(one);
      found.set(key, row);
    }
  });
  return [...found.values()].toSorted((a, b) => b.people - a.people || a.key.localeCompare(b.key));
}

/** People a movement carried, or is to carry. */
export function carried(one: MovementLine): number {
  if (one.status === 'cancelled') return 0;
  return one.boarded || one.planned;
}
