/** What does not change while the operation runs, and the names in it. */
import { api, Refused } from '../api/client';
import type { Operation, Problem, Site, Text } from '../api/types';
import { language } from '../text/language.svelte';

class Names {
  operation = $state.raw<Operation | null>(null);
  problem = $state.raw<Problem | null>(null);

  async load() {
    this.problem = null;
    try {
      this.operation = await api.operation();
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      this.problem = cause.problem;
    }
  }

  get offset_s(): number {
    return this.operation?.utc_offset_s ?? 0;
  }
  site(id: string | null | undefined): Site | undefined {
    return this.operation?.sites.find((s) => s.id === id);
  }
  /** A site's name in the language of the room; the id when there is none. */
  siteName(id: string): string {
    return inLanguage(this.site(id)?.names, id);
  }
  authorityName(id: string): string {
    return inLanguage(this.operation?.authorities.find((a) => a.id === id)?.names, id);
  }
  isSite(id: string): boolean {
    return this.site(id) !== undefined;
  }
  isAuthority(id: string): boolean {
    return this.operation?.authorities.some((a) => a.id === id) ?? false;
  }
}

export function inLanguage(text: Text | null | undefined, otherwise: string): string {
  return text?.[language.now] || text?.en || otherwise;
}

export const names = new Names();
