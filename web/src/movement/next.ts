/** What a movement waits for: the fact that nobody has signed yet, and who is to sign it. */
import type { FactLine, MovementLine } from '../api/types';

interface Next {
  /** Kind of the fact. */
  kind: string;
  /** Nothing where the record does not tell. */
  authority: string | null;
  role: 'planner' | 'gate' | 'escort' | 'reception';
}

/** Null when nothing is to come. `authorityOf` names who runs a site. */
export function next(
  line: MovementLine,
  facts: FactLine[],
  authorityOf: (site: string) => string | null,
): Next | null {
  if (line.cancelled) return null;
  const of = (kind: string) => facts.filter((fact) => fact.kind === kind);
  const sender = authorityOf(line.from);
  const receiver = authorityOf(line.to);
  const frozen = of('manifest-frozen').at(-1);
  if (!frozen) return { kind: 'manifest-frozen', authority: null, role: 'planner' };

  const settled = new Set([
    ...of('handover-answered').map((fact) => fact.says['offer']),
    ...of('handover-withdrawn').map((fact) => fact.says['offer']),
  ]);
  const offers = of('handover-offered');
  const open = offers.find((fact) => !settled.has(fact.hash));
  if (open) {
    const to = open.says['to'] ?? null;
    const role = to === receiver ? 'reception' : to === sender ? 'gate' : 'escort';
    return { kind: 'handover-answered', authority: to, role };
  }
  const escort = offers[0]?.says['to'] ?? null;
  if (line.boarded < frozen.people && !offers.length)
    return { kind: 'boarded', authority: sender, role: 'gate' };
  if (!offers.length) return { kind: 'handover-offered', authority: sender, role: 'gate' };
  if (!of('departed').length) return { kind: 'departed', authority: escort, role: 'escort' };
  const arrived = of('arrived')[0];
  if (!arrived) return { kind: 'arrived', authority: escort, role: 'escort' };
  // Both a convoy's escort and a flight's are signed for before they leave: what follows an arrival is the
  // offer at the destination.
  if (!offers.some((fact) => fact.position > arrived.position))
    return { kind: 'handover-offered', authority: escort, role: 'escort' };
  return null;
}
