import { names } from '../live/operation.svelte';

/** What is had at a depot; all else with a place is had at a site. */
const atDepots = ['escort-team', 'guard', 'escort-teams', 'guards', 'vehicles'];

/** The name, in the language of the room, of where something is had: the depot and the site of one town go
 *  by the same id. */
export function placeName(id: string, what: string): string {
  const types = names.operation?.vehicle_types ?? [];
  const atDepot = atDepots.includes(what) || types.some((one) => one.id === what);
  if (names.isDepot(id) && (atDepot || !names.isSite(id))) return names.depotName(id);
  return names.isSite(id) ? names.siteName(id) : id;
}
