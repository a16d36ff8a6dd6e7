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

/** Paused, and nothing under way. */
export async function still(): Promise<void> {
  await drive({ paused: true });
  await until(async () => {
    const play = await ask<Play>('/play');
    return play.paused && !play.busy;
  }, 'the exercise does not come to rest');
}
