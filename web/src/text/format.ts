/** Numbers, identifiers and times as text: Western digits in every language, so that one number
 * looks alike on every screen, list and wristband. */
import type { Language } from './direction';

/** 5704 -> `5,704`. */
export function number(value: number): string {
  const text = Math.abs(Math.trunc(value)).toString();
  return (value < 0 ? '\u2212' : '') + text.replace(/\B(?=(\d{3})+$)/g, ',');
}

/** 0.0312 -> `3.1 %`. */
export function percent(share: number, digits = 1): string {
  return `${(share * 100).toFixed(digits)}\u00a0%`;
}

/** 2.0 -> `2`, 2.125 -> `2.13`; thousands as in [`number`]. */
export function decimal(value: number, digits = 2): string {
  const [whole = '0', rest = ''] = Math.abs(value).toFixed(digits).split('.');
  const kept = rest.replace(/0+$/, '');
  const sign = value < 0 ? '\u2212' : '';
  return sign + number(Number(whole)) + (kept ? '.' + kept : '');
}

/** First digits of a hash, enough to tell facts apart by eye. */
export function short(hex: string, digits = 8): string {
  return hex.slice(0, digits);
}

/** Keeps what is inside apart from the direction of the sentence around it (UAX 9, FSI and PDI). */
export function isolated(text: string): string {
  return `\u2068${text}\u2069`;
}

const militaryMonths = 'JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC'.split(' ');

/** Months as Iraq and the Kurdistan Region name them (CLDR 48: ar-IQ, ckb). Chromium has no ckb. */
const months: Record<Language, string[]> = {
  en: 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' '),
  ar: 'كانون الثاني,شباط,آذار,نيسان,أيار,حزيران,تموز,آب,أيلول,تشرين الأول,تشرين الثاني,كانون الأول'.split(
    ',',
  ),
  ckb: 'کانوونی دووەم,شوبات,ئازار,نیسان,ئایار,حوزەیران,تەمووز,ئاب,ئەیلوول,تشرینی یەکەم,تشرینی دووەم,کانوونی یەکەم'.split(
    ',',
  ),
};

const two = (n: number) => n.toString().padStart(2, '0');

/** Date-time group in Zulu: `2026-01-21T21:40:00Z` -> `212140Z JAN 26`. */
export function dtg(instant: string): string {
  const t = new Date(instant);
  if (Number.isNaN(t.getTime())) return instant;
  const month = militaryMonths[t.getUTCMonth()];
  const year = two(t.getUTCFullYear() % 100);
  return `${two(t.getUTCDate())}${two(t.getUTCHours())}${two(t.getUTCMinutes())}Z ${month} ${year}`;
}

/** An instant on the operation's own clock, as a date whose UTC fields are the local ones. */
function local(instant: string, offset_s: number): Date {
  return new Date(new Date(instant).getTime() + offset_s * 1000);
}

/** `00:40`. */
export function localTime(instant: string, offset_s: number): string {
  const t = local(instant, offset_s);
  if (Number.isNaN(t.getTime())) return instant;
  return `${two(t.getUTCHours())}:${two(t.getUTCMinutes())}`;
}

/** `22 Jan`, with the year when asked. */
export function localDate(
  instant: string,
  offset_s: number,
  language: Language,
  year = false,
): string {
  const t = local(instant, offset_s);
  if (Number.isNaN(t.getTime())) return instant;
  const text = `${t.getUTCDate()} ${months[language][t.getUTCMonth()]}`;
  return year ? `${text} ${t.getUTCFullYear()}` : text;
}

/** A night or date `2026-01-21` -> `21 Jan`. */
export function day(date: string, language: Language, year = false): string {
  return localDate(`${date.slice(0, 10)}T00:00:00Z`, 0, language, year);
}

/** The month of a night: `Jan`. */
export function month(date: string, language: Language): string {
  return months[language][Number(date.slice(5, 7)) - 1] ?? '';
}

/** Time of day by this screen's own clock, `03:07:59`. */
export function wallTime(t: Date): string {
  return `${two(t.getHours())}:${two(t.getMinutes())}:${two(t.getSeconds())}`;
}
