/** Milliseconds before try number `tries` (from 0): doubling from half a second to thirty, with up
 * to a fifth of chance on top, so that many rooms do not return in one instant. */
export function backoff(tries: number, chance: () => number = Math.random): number {
  const base = Math.min(30_000, 500 * 2 ** Math.min(tries, 10));
  return Math.round(base * (1 + 0.2 * chance()));
}
