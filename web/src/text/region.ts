import { codeText, knows } from './codes';
import { language } from './language.svelte';

/** A country's name for an ISO 3166-1 code; the code when it is none. The catalogue has those that people of
 * the operation come from. Chromium has no ckb: for the others Arabic, which its readers share a script with. */
export function regionName(code: string): string {
  if (knows('part', code)) return codeText('part', code);
  const speech = language.now === 'ckb' ? 'ar' : language.now;
  try {
    const found = new Intl.DisplayNames([speech], { type: 'region', fallback: 'none' }).of(code);
    return found ?? code;
  } catch {
    return code;
  }
}
