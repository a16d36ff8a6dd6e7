/** A custody chain as a reader sees it: an offer and its answer are one handover. */
import type { ChainLink } from '../api/types';

type Rung =
  | { what: 'single'; link: ChainLink }
  | { what: 'handover'; offer: ChainLink; answer: ChainLink | null };

const answers = ['accepted', 'refused', 'not-present', 'withdrawn'];

/** First fact to last. An offer that nothing answers yet stands with `answer: null`. */
export function rungs(chain: ChainLink[]): Rung[] {
  const out: Rung[] = [];
  for (const link of chain) {
    const last = out.at(-1);
    if (link.step === 'offered') {
      out.push({ what: 'handover', offer: link, answer: null });
    } else if (answers.includes(link.step) && last?.what === 'handover' && !last.answer) {
      out[out.length - 1] = { ...last, answer: link };
    } else {
      out.push({ what: 'single', link });
    }
  }
  return out;
}
