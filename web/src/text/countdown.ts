/** How long until, or since, a deadline: whole hours up to two days, then days. */
interface Countdown {
  past: boolean;
  unit: 'hours' | 'days';
  n: number;
}

const hour_ms = 3_600_000;

export function countdown(due: string, now: string): Countdown {
  const left = Date.parse(due) - Date.parse(now);
  const hours = Math.abs(left) / hour_ms;
  const past = left < 0;
  return hours < 48
    ? { past, unit: 'hours', n: Math.floor(hours) }
    : { past, unit: 'days', n: Math.floor(hours / 24) };
}
