/** What a part of a figure is called: a place, a code of ours, or a nationality. */
import { names } from '../live/operation.svelte';
import { codeText, knows } from './codes';
import { regionName } from './region';

const groups = ['why', 'discrepancy', 'refusal', 'gate', 'gatestate', 'basis', 'step', 'part'] as const;

export function partText(key: string): string {
  if (names.isSite(key)) return names.siteName(key);
  if (names.isAuthority(key)) return names.authorityName(key);
  for (const group of groups) if (knows(group, key)) return codeText(group, key);
  return /^[A-Z]{2}$/.test(key) ? regionName(key) : key;
}
