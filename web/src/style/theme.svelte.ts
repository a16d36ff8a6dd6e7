import { keep } from '../text/language.svelte';

class Theme {
  now = $state<'light' | 'dark'>('light');

  start() {
    this.now = document.documentElement.dataset['theme'] === 'dark' ? 'dark' : 'light';
  }
  turn() {
    this.now = this.now === 'dark' ? 'light' : 'dark';
    document.documentElement.dataset['theme'] = this.now;
    keep('amana.theme', this.now);
  }
}

export const theme = new Theme();
