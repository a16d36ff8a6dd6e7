/** For whom the room is, what each comes for, and where that is. */
import { m } from '../lib/paraglide/messages';

interface Place {
  href: string;
  text: () => string;
  /** What the policies call what is there. */
  sees: string;
}
interface Begin {
  role: string;
  text: () => string;
  places: Place[];
  /** Whether they work at one of their authority's sites. */
  atSite?: boolean;
}

const place = (href: string, text: () => string, sees: string): Place => ({ href, text, sees });
const room = place('/', m.nav_room, 'picture');
const people = place('/people', m.nav_people, 'people');
const differences = place('/discrepancies?show=open', m.nav_discrepancies, 'discrepancies');
const statements = place('/statements', m.nav_statements, 'statements');

export const roles: Begin[] = [
  { role: 'planner', text: m.start_planner, places: [place('/plan', m.nav_plan, 'plan'), room] },
  { role: 'escort', text: m.start_escort, places: [room] },
  { role: 'gate', text: m.start_gate, places: [people, room] },
  { role: 'reception', text: m.start_reception, places: [room, people], atSite: true },
  { role: 'director', text: m.start_director, places: [room, differences], atSite: true },
  { role: 'judge', text: m.start_judge, places: [differences, people, statements] },
  {
    role: 'consular',
    text: m.start_consular,
    places: [place('/obligations', m.nav_obligations, 'obligations'), people],
  },
  {
    role: 'monitor',
    text: m.start_monitor,
    places: [place('/looks', m.nav_looks, 'looks'), place('/figures', m.nav_figures, 'figures'), statements],
  },
];
