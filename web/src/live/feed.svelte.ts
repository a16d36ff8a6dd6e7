/** The server's feed: where the record and the clock stand, and whether we still hear of it. */
import { api } from '../api/client';
import type { Head, LookLine, Play } from '../api/types';
import { backoff } from './backoff';

class Feed {
  head = $state.raw<Head | null>(null);
  live = $state(false);
  /** Looks that broke the glass and were told since this page was opened, newest first. */
  notices = $state.raw<LookLine[]>([]);
  /** When we stopped hearing, by this screen's clock. */
  lostAt = $state.raw<Date | null>(null);

  #source: EventSource | null = null;
  #tries = 0;
  #listening = false;
  #retry: ReturnType<typeof setTimeout> | undefined;

  get position(): number {
    return this.head?.position ?? 0;
  }
  get at(): string | null {
    return this.head?.at ?? null;
  }
  get play(): Play | null {
    return this.head?.play ?? null;
  }

  /** Opens the feed; called again after a new sign-in. */
  start() {
    this.#open();
    if (this.#listening) return;
    this.#listening = true;
    addEventListener('online', () => this.#again(0));
    // A stream that was open stays so for minutes, silent: the browser knows sooner.
    addEventListener('offline', () => this.#lost());
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && !this.live) this.#again(0);
    });
  }

  /** The answer to a change of the clock, before the feed tells of it. */
  played(play: Play) {
    if (this.head) this.head = { ...this.head, at: play.at, play };
  }

  /** Somebody has read a notice. */
  dismiss(hash: string) {
    this.notices = this.notices.filter((one) => one.fact.hash !== hash);
  }

  #open() {
    this.#source?.close();
    const source = (this.#source = api.feed());
    source.addEventListener('open', () => this.#heard());
    source.addEventListener('head', (event) => {
      this.#heard();
      this.head = JSON.parse((event as MessageEvent<string>).data) as Head;
    });
    source.addEventListener('notice', (event) => {
      const look = JSON.parse((event as MessageEvent<string>).data) as LookLine;
      const others = this.notices.filter((one) => one.fact.hash !== look.fact.hash);
      this.notices = [look, ...others];
    });
    source.addEventListener('error', () => {
      if (this.#source === source) this.#lost();
      else source.close();
    });
  }

  #lost() {
    this.#source?.close();
    this.live = false;
    this.lostAt ??= new Date();
    this.#again(backoff(this.#tries++));
  }

  #heard() {
    this.#tries = 0;
    this.live = true;
    this.lostAt = null;
  }

  #again(wait: number) {
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#open(), wait);
  }
}

export const feed = new Feed();
