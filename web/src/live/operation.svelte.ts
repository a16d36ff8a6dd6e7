/** What does not change while the operation runs, and the names in it. */
import { api, Refused } from '../api/client';
import { m } from '../lib/paraglide/messages';
import type { Operation, Problem, Site, Text } from '../api/types';
import { day, isolated } from '../text/format';
import { language } from '../text/language.svelte';

class Names {
  operation = $state.raw<Operation | null>(null);
  problem = $state.raw<Problem | null>(null);

  async load() {
    try {
      this.operation = await api.operation();
      this.problem = null;
    } catch (cause) {
      if (!(cause instanceof Refused)) throw cause;
      this.problem = cause.problem;
    }
  }

  get offset_s(): number {
    return this.operation?.utc_offset_s ?? 0;
  }
  site(id: string | null | undefined): Site | undefined {
    return this.operation?.sites.find((s) => s.id === id);
  }
  /** A site's name in the language of the room; the id when there is none. */
  siteName(id: string): string {
    return inLanguage(this.site(id)?.names, id);
  }
  authorityName(id: string): string {
    return inLanguage(this.operation?.authorities.find((a) => a.id === id)?.names, id);
  }
  /** A wing's name within its site, for `site/unit`. */
  unitName(id: string): string {
    const unit = this.site(id.split('/')[0])?.units.find((one) => one.id === id);
    return inLanguage(unit?.names, id.split('/')[1] ?? id);
  }
  isUnit(id: string): boolean {
    return this.site(id.split('/')[0])?.units.some((one) => one.id === id) ?? false;
  }
  /** With the site's name before it. */
  unitInFull(id: string): string {
    const [site = id] = id.split('/');
    return `${this.siteName(site)} · ${this.unitName(id)}`;
  }
  depotName(id: string): string {
    return inLanguage(this.operation?.depots.find((one) => one.id === id)?.names, id);
  }
  isDepot(id: string): boolean {
    return this.operation?.depots.some((one) => one.id === id) ?? false;
  }
  waypoint(id: string): Text | undefined {
    return this.operation?.waypoints.find((one) => one.id === id)?.names;
  }
  isVehicle(id: string): boolean {
    return this.operation?.vehicles.some((one) => one.id === id) ?? false;
  }
  /** What it is, its number, and where it is at home: `Bus 03 · Hasakah depot`. An aircraft's flight has
   * no home and goes by its id. */
  vehicleName(id: string): string {
    const vehicle = this.operation?.vehicles.find((one) => one.id === id);
    if (!vehicle) return id;
    const kind = this.operation?.vehicle_types.find((one) => one.id === vehicle.kind);
    const number = /\d+$/.exec(id)?.[0] ?? '';
    return `${inLanguage(kind?.names, vehicle.kind)} ${number} · ${this.depotName(vehicle.depot)}`;
  }
  /** A movement as it is spoken of: its number in its night, `Convoy 01 · 21 Jan`. */
  movementName(id: string, what: string = m.movement(), year = false): string {
    const [night = '', number = ''] = id.split('/');
    return `${what} ${isolated(number)} · ${isolated(day(night, language.now, year))}`.trim();
  }
  isSite(id: string): boolean {
    return this.site(id) !== undefined;
  }
  isAuthority(id: string): boolean {
    return this.operation?.authorities.some((a) => a.id === id) ?? false;
  }
}

export function inLanguage(text: Text | null | undefined, otherwise: string): string {
  return text?.[language.now] || text?.en || otherwise;
}

export const names = new Names();
