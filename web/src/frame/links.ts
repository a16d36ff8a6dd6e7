/** The screens that can be gone to from everywhere. */
import { m } from '../lib/paraglide/messages';
import type { Screen } from '../router.svelte';

interface Link {
  href: string;
  /** The screens that are found behind it. */
  screens: Screen[];
  text: () => string;
  /** What the policies call what is behind it. */
  sees: string;
}

export const links: Link[] = [
  { href: '/', screens: ['room', 'movement', 'site', 'fact'], text: m.nav_room, sees: 'picture' },
  { href: '/people', screens: ['people', 'person'], text: m.nav_people, sees: 'people' },
  {
    href: '/discrepancies',
    screens: ['discrepancies', 'discrepancy'],
    text: m.nav_discrepancies,
    sees: 'discrepancies',
  },
  { href: '/obligations', screens: ['obligations'], text: m.nav_obligations, sees: 'obligations' },
  { href: '/figures', screens: ['figures'], text: m.nav_figures, sees: 'figures' },
  {
    href: '/statements',
    screens: ['statements', 'statement', 'comparison'],
    text: m.nav_statements,
    sees: 'statements',
  },
  { href: '/plan', screens: ['plan'], text: m.nav_plan, sees: 'plan' },
  { href: '/looks', screens: ['looks'], text: m.nav_looks, sees: 'looks' },
  { href: '/devices', screens: ['devices'], text: m.devices, sees: 'devices' },
];
