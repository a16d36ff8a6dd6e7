import { names } from '../live/operation.svelte';

/** A site's name in the language of the room; other places go by their id. */
export function placeName(id: string): string {
  return names.isSite(id) ? names.siteName(id) : id;
}
