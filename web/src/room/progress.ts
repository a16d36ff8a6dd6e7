/** How the cohort divides at a position of the record: the parts never overlap and sum to the whole. */
import type { Totals } from '../api/types';

export interface Progress {
  whole: number;
  admitted: number;
  inTransit: number;
  ended: number;
  remaining: number;
}

export function progress(totals: Totals, cohort: number): Progress {
  const moved = totals.admitted + totals.in_transit + totals.ended;
  const whole = Math.max(cohort, moved, 1);
  return {
    whole,
    admitted: totals.admitted,
    inTransit: totals.in_transit,
    ended: totals.ended,
    remaining: whole - moved,
  };
}
