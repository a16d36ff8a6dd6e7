/** Where the exercise must have got to for the tests: a handover that came out short. */
import { ask, drive, until } from './room.ts';

export interface Short {
  id: string;
  code: string;
  people: string[];
  movement?: string | null;
  site?: string | null;
  fact: { hash: string };
}
interface Play {
  paused: boolean;
  done: boolean;
  busy?: string | null;
}

/** The first short handover of the record. Lets the exercise run until there is one, then pauses. */
export async function shortHandover(): Promise<Short> {
  const find = async () => {
    const lines = await ask<Short[]>('/discrepancies');
    return lines.find((d) => d.code === 'handover-short' && d.people.length > 0);
  };
  const there = await find();
  if (there) return there;
  await drive({ speed: 3600, paused: false });
  const found = await until(find, 'no handover came out short');
  await drive({ paused: true });
  return found;
}

export interface Revision {
  plan: string;
  revision: number;
  changed: number;
}

/** The plans, newest first, once one of them has moved somebody. Lets the exercise run until then. */
export async function replanned(): Promise<Revision[]> {
  const find = async () => {
    const { revisions } = await ask<{ revisions: Revision[] }>('/plan');
    return revisions.some((one) => one.changed > 0) && revisions;
  };
  const there = await find();
  if (there) return there;
  await drive({ speed: 3600, paused: false });
  const found = await until(find, 'the plan was not made again');
  await still();
  return found;
}

/** Paused, and nothing under way. */
export async function still(): Promise<void> {
  await drive({ paused: true });
  await until(async () => {
    const play = await ask<Play>('/play');
    return play.paused && !play.busy;
  }, 'the exercise does not come to rest');
}
