/** How long something took, in the largest unit that tells it: minutes up to two hours, hours up to two days. */
import { m } from '../lib/paraglide/messages';
import { isolated, number } from './format';

export function duration(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const n = (value: number) => ({ n: isolated(number(Math.floor(value))) });
  if (minutes < 120) return m.minutes_n(n(minutes));
  if (minutes < 48 * 60) return m.hours_n(n(minutes / 60));
  return m.days_n(n(minutes / (24 * 60)));
}
