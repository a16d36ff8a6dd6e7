import type { Published } from '../api/types';

/** How a published figure bounds the truth. "More than" is kept with the cohort as its upper end,
 * "fewer than" with nothing as its lower. */
export function bound(
  figure: Pick<Published, 'low' | 'high'>,
  cohort: number,
): 'exact' | 'between' | 'over' | 'under' {
  if (figure.low === figure.high) return 'exact';
  if (figure.high >= cohort) return 'over';
  return figure.low === 0 ? 'under' : 'between';
}
