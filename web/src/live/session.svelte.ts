/** Who is signed in, and what follows from it. */
import { api, onSignInNeeded, Refused } from '../api/client';
import type { Problem, Session } from '../api/types';

class SessionNow {
  session = $state.raw<Session | null>(null);
  problem = $state.raw<Problem | null>(null);
  /** Runs once the room may be shown, and again after each new sign-in. */
  #entered: () => void = () => {};

  /** Whether the room may be shown. */
  get in(): boolean {
    return this.session !== null && (this.session.open || this.session.officer != null);
  }
  get officer() {
    return this.session?.officer ?? null;
  }

  /** Whether the policies let whoever asks do that. The server decides again when it is done. */
  may(act: string): boolean {
    return this.session?.acts.includes(act) ?? false;
  }

  /** Whether whoever asks may see that screen. */
  sees(screen: string): boolean {
    return this.session?.screens.includes(screen) ?? false;
  }

  async start(entered: () => void) {
    this.#entered = entered;
    onSignInNeeded(() => void this.#lost());
    await this.load();
  }

  load(): Promise<void> {
    return this.#ask(async () => this.took(await api.session()));
  }

  /** A new answer about the session, as after signing in. */
  took(session: Session) {
    const before = this.in;
    this.session = session;
    if (this.in && !before) this.#entered();
  }

  /** In an exercise: to be that officer from now on, or nobody in particular. */
  lookAs(persona: string | null, to?: string): Promise<void> {
    return this.#ask(async () => {
      await api.lookAs({ persona });
      // What is on the screen was for somebody else. An address that ends in '#main' is loaded anew only so.
      if (to) location.assign(to);
      else location.reload();
    });
  }

  signOut(): Promise<void> {
    return this.#ask(async () => {
      await api.signOut();
      // What was on the screen was for the officer who left.
      location.assign('/');
    });
  }

  /** A refusal stands in place of the screen until the session is asked for again. */
  async #ask(what: () => Promise<void>) {
    try {
      await what();
      this.problem = null;
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      this.problem = cause.problem;
    }
  }

  async #lost() {
    if (this.in) await this.load();
  }
}

export const session = new SessionNow();
