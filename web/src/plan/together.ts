import type { Part } from '../api/types';

/** Parts whose keys begin alike, up to the colon, as one; largest first. What follows the colon is
 * the detail of one class of people. */
export function together(parts: Part[]): Part[] {
  const sums = new Map<string, number>();
  for (const { key, value } of parts) {
    const [code = key] = key.split(':');
    sums.set(code.trim(), (sums.get(code.trim()) ?? 0) + value);
  }
  return [...sums]
    .map(([key, value]) => ({ key, value }))
    .toSorted((a, b) => b.value - a.value || a.key.localeCompare(b.key));
}
