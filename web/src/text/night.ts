/** Which of the operation's nights an instant belongs to. */

/** Index of the night under way or, by day, the coming one; the last one once all are over. A night
 * runs 18:00 to 06:00 local and is named by its evening. `null` when there are no nights. */
export function nightUnderWay(nights: string[], instant: string, offset_s: number): number | null {
  if (!nights.length) return null;
  const local = new Date(instant).getTime() + offset_s * 1000;
  const evening = new Date(local - 6 * 3600_000).toISOString().slice(0, 10);
  const found = nights.findIndex((night) => night >= evening);
  return found < 0 ? nights.length - 1 : found;
}
