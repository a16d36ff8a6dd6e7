/** An answer of the server that is asked for again whenever the record moves. */
import { onDestroy, untrack } from 'svelte';
import { Refused } from '../api/client';
import type { Problem } from '../api/types';
import { feed } from './feed.svelte';

interface LiveOptions {
  /** What a new answer may depend on: the record, or the operation's clock too. */
  follows?: 'record' | 'clock' | 'nothing';
  /** At least this long between two questions, in milliseconds. */
  every?: number;
  /** Read reactively; another value is another question, asked at once. */
  key?: () => unknown;
}

export class Live<T> {
  data = $state.raw<T | null>(null);
  problem = $state.raw<Problem | null>(null);
  waiting = $state(false);

  #ask: (signal: AbortSignal) => Promise<T>;
  #every: number;
  #under: AbortController | null = null;
  #again = false;
  #asked = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(ask: (signal: AbortSignal) => Promise<T>, every: number) {
    this.#ask = ask;
    this.#every = every;
  }

  /** Ask at once, whatever is under way. */
  now() {
    this.#under?.abort();
    this.#under = null;
    clearTimeout(this.#timer);
    void this.#run();
  }

  /** Ask soon: never twice at a time, never faster than `every`, not while nobody looks. */
  soon() {
    if (this.#under || document.hidden) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(
      () => void this.#run(),
      Math.max(0, this.#asked + this.#every - performance.now()),
    );
  }

  /** The page is looked at again. */
  seen() {
    if (this.#again && !this.#under) this.soon();
  }

  stop() {
    this.#under?.abort();
    clearTimeout(this.#timer);
  }

  async #run() {
    const under = (this.#under = new AbortController());
    this.#again = false;
    this.#asked = performance.now();
    this.waiting = true;
    try {
      const data = await this.#ask(under.signal);
      if (this.#under !== under) return;
      this.data = data;
      this.problem = null;
    } catch (cause) {
      if (under.signal.aborted || this.#under !== under) return;
      if (!(cause instanceof Refused)) throw cause;
      this.problem = cause.problem;
    } finally {
      if (this.#under === under) {
        this.#under = null;
        this.waiting = false;
        if (this.#again) this.soon();
      }
    }
  }
}

/** To be called while a component is made; ends with it. */
export function live<T>(
  ask: (signal: AbortSignal) => Promise<T>,
  { follows = 'record', every = 500, key = () => '' }: LiveOptions = {},
): Live<T> {
  const answer = new Live(ask, every);
  $effect(() => {
    key();
    untrack(() => answer.now());
  });
  if (follows !== 'nothing') {
    let first = true;
    $effect(() => {
      void feed.position;
      void feed.live;
      if (follows === 'clock') void feed.at;
      if (first) first = false;
      else untrack(() => answer.soon());
    });
  }
  const seen = () => {
    if (!document.hidden) answer.seen();
  };
  document.addEventListener('visibilitychange', seen);
  onDestroy(() => {
    document.removeEventListener('visibilitychange', seen);
    answer.stop();
  });
  return answer;
}
