/** Geometry of the row of nights: every height is a share of one common top. */
import type { NightLine } from '../api/types';

interface Column {
  night: NightLine;
  /** Shares of the common top, 0 to 1. */
  planned: number;
  first: number;
  done: number;
  promised: number;
  when: 'past' | 'now' | 'coming';
}

export function columns(nights: NightLine[], now: number | null): Column[] {
  const top = Math.max(
    1,
    ...nights.flatMap((n) => [n.planned, n.first_planned, n.departed, n.admitted, n.promised]),
  );
  return nights.map((night, i) => ({
    night,
    planned: night.planned / top,
    first: night.first_planned / top,
    done: Math.max(night.departed, night.admitted) / top,
    promised: night.promised / top,
    when: now === null || i > now ? 'coming' : i === now ? 'now' : 'past',
  }));
}

/** The column that an arrow key leads to; `null` when the key means nothing here. */
export function step(key: string, at: number, count: number, rtl: boolean): number | null {
  const forward = rtl ? 'ArrowLeft' : 'ArrowRight';
  const back = rtl ? 'ArrowRight' : 'ArrowLeft';
  if (key === forward) return Math.min(count - 1, at + 1);
  if (key === back) return Math.max(0, at - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return count - 1;
  return null;
}
