/** What a person asks for with a button: whether it is under way, and the refusal that it met. */
import { Refused } from '../api/client';
import type { Problem } from '../api/types';

export class Attempt {
  busy = $state(false);
  problem = $state.raw<Problem | null>(null);

  /** Whether it was done. What is no refusal is a fault of ours, and thrown on. */
  async run(ask: () => Promise<unknown>): Promise<boolean> {
    this.busy = true;
    this.problem = null;
    try {
      await ask();
      return true;
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      this.problem = cause.problem;
      return false;
    } finally {
      this.busy = false;
    }
  }
}
