/** The language of the room; every message follows it without a reload. */
import { overwriteGetLocale } from '../lib/paraglide/runtime';
import { direction, isLanguage, type Language } from './direction';

class Chosen {
  now = $state<Language>('en');
  get dir(): 'ltr' | 'rtl' {
    return direction(this.now);
  }

  start() {
    overwriteGetLocale(() => this.now);
    const kept = read('amana.lang') ?? navigator.language.split('-')[0] ?? 'en';
    if (isLanguage(kept)) this.now = kept;
    this.#tell();
  }
  choose(to: Language) {
    this.now = to;
    keep('amana.lang', to);
    this.#tell();
  }
  #tell() {
    document.documentElement.lang = this.now;
    document.documentElement.dir = this.dir;
  }
}

/** What this browser keeps of a choice; nothing where storage is shut. */
export function read(name: string): string | null {
  try {
    return localStorage.getItem(name);
  } catch {
    return null;
  }
}
export function keep(name: string, value: string) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // The choice then lasts as long as the page.
  }
}

export const language = new Chosen();
