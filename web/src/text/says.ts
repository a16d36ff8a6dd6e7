/** A fact's distinguishing fields as the server sends them, in the language of the room. */
import { inLanguage, names } from '../live/operation.svelte';
import { codeText, knows, policyText, type CodeGroup } from './codes';
import { day } from './format';
import { language } from './language.svelte';

export interface Told {
  key: string;
  label: string;
  text: string;
  href?: string;
}

/** Which catalogue a field's value comes from. */
const groups: Record<string, CodeGroup[]> = {
  why: ['why', 'refusal', 'revocation'],
  reason: ['refusal', 'why'],
  gate: ['gate'],
  outcome: ['gatestate', 'answer'],
  answer: ['answer'],
  basis: ['basis'],
  method: ['method'],
  decision: ['cover'],
  whom: ['notified'],
  kind: ['incident'],
  role: ['role'],
  code: ['discrepancy'],
  'under-18': ['says'],
  misfit: ['misfit'],
  purpose: ['purpose'],
  relation: ['relation'],
  'break-glass': ['breakglass'],
  ground: ['ground'],
};

export function tell(says: Record<string, string>): Told[] {
  return Object.entries(says).map(([key, value]) => ({
    key,
    label: codeText('says', key),
    ...valueOf(key, value),
  }));
}

function valueOf(key: string, value: string): { text: string; href?: string } {
  if (key === 'sections') {
    const each = value.split(' ').map((section) => codeText('section', section));
    return { text: each.join(' · ') };
  }
  if (key === 'policies') {
    const each = value.split(' ').map((id) => policyText({ id, says: null }));
    return { text: each.join(' ') };
  }
  const officer = /^([a-z0-9-]+) ([a-z-]+) (\d+)$/.exec(value);
  if (officer && ['writer', 'looker'].includes(key)) {
    const [, authority, role, number] = officer;
    return { text: `${names.authorityName(authority!)} · ${codeText('role', role!)} ${number}` };
  }
  for (const group of groups[key] ?? []) {
    if (knows(group, value)) return { text: codeText(group, value) };
  }
  if (names.isSite(value)) return { text: names.siteName(value), href: `/sites/${value}` };
  if (names.isUnit(value)) return { text: names.unitInFull(value), href: `/sites/${value.split('/')[0]}` };
  if (names.isVehicle(value)) return { text: names.vehicleName(value) };
  const waypoint = key === 'waypoint' ? names.waypoint(value) : undefined;
  if (waypoint) return { text: inLanguage(waypoint, value) };
  if (names.isAuthority(value)) return { text: names.authorityName(value) };
  if (/^\d{4}-\d\d-\d\d\/\d\d$/.test(value)) return { text: names.movementName(value, ''), href: `/movements/${value}` };
  if (/^\d{4}-\d\d-\d\d$/.test(value)) return { text: day(value, language.now) };
  if (/^[0-9a-f]{64}$/.test(value)) {
    if (key === 'document') return { text: value.slice(0, 12), href: `/statements/${value}` };
    const isFact = !['plan', 'parent', 'key', 'device', 'policy-set', 'replaces'].includes(key);
    return { text: value.slice(0, 12), ...(isFact ? { href: `/facts/${value}` } : {}) };
  }
  return { text: value };
}
