/** Which of the operation's nights an instant belongs to. */

/** Whether an instant is before the operation's first night, after its last, or between. */
export function phase(
  nights: string[],
  instant: string,
  offset_s: number,
): 'before' | 'during' | 'after' {
  const evening = eveningOf(instant, offset_s);
  if (evening < (nights[0] ?? '')) return 'before';
  return evening > (nights.at(-1) ?? evening) ? 'after' : 'during';
}

/** Index of the night under way or, by day, the coming one; the last one once all are over. A night
 * runs 18:00 to 06:00 local and is named by its evening. `null` when there are no nights. */
export function nightUnderWay(nights: string[], instant: string, offset_s: number): number | null {
  if (!nights.length) return null;
  const evening = eveningOf(instant, offset_s);
  const found = nights.findIndex((night) => night >= evening);
  return found < 0 ? nights.length - 1 : found;
}

/** The evening that names the night of an instant: until six in the morning yesterday's. */
function eveningOf(instant: string, offset_s: number): string {
  const local = new Date(instant).getTime() + offset_s * 1000;
  return new Date(local - 6 * 3600_000).toISOString().slice(0, 10);
}
