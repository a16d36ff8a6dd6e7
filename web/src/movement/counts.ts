/** The counts of one movement, each next to the one it must agree with. */
import type { MovementDetail } from '../api/types';

export type CountName =
  | 'manifest'
  | 'boarded'
  | 'departed'
  | 'offered'
  | 'accepted'
  | 'refused'
  | 'not_present';

interface Count {
  name: CountName;
  /** `null` while nobody has said. */
  people: number | null;
  /** Less the count it should equal, when both are there and differ. */
  off: number | null;
}

export function counts(detail: MovementDetail): Count[] {
  const people = detail.vehicles.flatMap((v) => v.people);
  const departed = detail.facts.find((f) => f.kind === 'departed')?.says['aboard'];
  const answers = (answer: string) => people.filter((p) => p.answer === answer).length;
  const answered = people.some((p) => p.answer);
  const { boarded, offered, accepted } = detail.line;
  const manifest = people.length || null;
  const row = (name: CountName, count: number | null, against: number | null): Count => ({
    name,
    people: count,
    off: count !== null && against !== null && count !== against ? count - against : null,
  });
  const aboard = departed === undefined ? null : Number(departed);
  return [
    row('manifest', manifest, null),
    row('boarded', boarded || null, manifest),
    row('departed', aboard, boarded || null),
    row('offered', offered || null, boarded || null),
    row('accepted', answered ? accepted : null, offered || null),
    row('refused', answered ? answers('refused') : null, null),
    row('not_present', answered ? answers('not-present') : null, null),
  ];
}
