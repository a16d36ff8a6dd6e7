/** The facts that are signed in the room, by their kinds in docs/formats/envelope-v1.md. */
import { Fields } from './cbor';
import { type Event, fromHex } from './envelope';

/** Which of several facts that follow one another's predecessor stands, for one person. */
export function forkResolved(
  person: string,
  at: string | null | undefined,
  stands: string,
  why: string,
): Event {
  const after = at ? fromHex(at) : undefined;
  const body = new Fields({ 1: person, 2: after, 3: fromHex(stands), 4: why });
  return { kind: 24, name: 'fork-resolved', body };
}

/** A difference explained and closed. */
export function discrepancyResolved(code: string, fact: string, why: string): Event {
  const body = new Fields({ 1: code, 2: fromHex(fact), 3: why });
  return { kind: 25, name: 'discrepancy-resolved', body };
}
