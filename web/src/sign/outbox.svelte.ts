/** What was signed in this browser and is not in the record yet. It goes out as soon as there is a line, with the
 *  bytes that were signed; what the record refused waits for an officer. */
import { Attempt } from '../live/attempt.svelte';
import { backoff } from '../live/backoff';
import { sendAgain, setAside } from './desk';
import { chain, type Chain } from './device';

class Outbox {
  kept = $state.raw<Chain | null>(null);
  /** How often something left the box since the page was opened. */
  left = $state(0);
  readonly asking = new Attempt();
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get waiting(): number {
    return this.kept?.unsent.length ?? 0;
  }
  get refused(): string | null {
    return this.kept?.refused ?? null;
  }

  async look(): Promise<void> {
    // A browser that keeps nothing has signed nothing.
    this.kept = await chain().catch(() => null);
  }

  /** Sends what waits, and goes on trying until it is there or refused. */
  async deliver(): Promise<void> {
    clearTimeout(this.#timer);
    await this.look();
    if (!this.waiting || this.refused || this.asking.busy) return;
    if (await this.again()) this.#tries = 0;
    else if (!this.refused) this.#timer = setTimeout(() => void this.deliver(), backoff(this.#tries++));
  }
  again(): Promise<boolean> {
    return this.#attempt(sendAgain);
  }
  setAside(): Promise<boolean> {
    return this.#attempt(setAside);
  }

  async #attempt(what: () => Promise<void>): Promise<boolean> {
    const before = this.waiting;
    const done = await this.asking.run(what).finally(() => this.look());
    if (this.waiting < before) this.left++;
    return done;
  }
}

export const outbox = new Outbox();
