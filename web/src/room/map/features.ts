/** What the map shows, as GeoJSON made from the operation and its picture. */
import type { Leg, MovementLine, Picture, Site, Text } from '../../api/types';
import { convoyName, ringName } from './icons';
import type { Label } from './labels';
import type { Spot } from './spread';

export type Collection = GeoJSON.FeatureCollection;
type Feature = GeoJSON.Feature;

export const nothing: Collection = { type: 'FeatureCollection', features: [] };
const collection = (features: Feature[]): Collection => ({ type: 'FeatureCollection', features });

export function point(lon: number, lat: number, properties: Record<string, unknown>): Feature {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: [lon, lat] }, properties };
}

/** Legs, those of a movement under way told apart. */
export function legFeatures(legs: Leg[], movements: MovementLine[]): Collection {
  const used = new Set(movements.filter((m) => m.status !== 'cancelled').flatMap((m) => m.legs));
  return collection(
    legs.map((leg) => ({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: leg.line },
      properties: { id: leg.id, kind: leg.kind, used: used.has(leg.id) },
    })),
  );
}

/** The roads that tonight's cover is for: those of the night's convoys, or all while none is known. */
export function coverFeatures(legs: Leg[], picture: Picture | null): Collection {
  if (!picture?.cover) return nothing;
  const decision = picture.cover.decision;
  const tonight = new Set(
    picture.movements.filter((m) => m.kind === 'convoy').flatMap((m) => m.legs),
  );
  const roads = legs.filter((leg) => leg.kind === 'road');
  const covered = roads.filter((leg) => tonight.has(leg.id));
  return collection(
    (covered.length ? covered : roads).map((leg) => ({
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: leg.line },
      properties: { decision },
    })),
  );
}

/** A site's name on the map: its offset in ems, and where the line to it ends (longitude and latitude),
 * when it needs one. */
export interface PlacedLabel extends Pick<Label, 'anchor' | 'offset'> {
  led: Spot | null;
}

/** Sites with their rings, at `spots` (longitude and latitude after spreading) and with `labels`,
 * both in order. */
export function siteFeatures(
  sites: Site[],
  spots: Spot[],
  labels: PlacedLabel[],
  picture: Picture | null,
  name: (text: Text, id: string) => string,
): Collection {
  return collection(
    sites.map((site, i) => {
      const now = picture?.sites.find((o) => o.site === site.id);
      const places = now?.capacity ?? site.units.reduce((sum, u) => sum + u.capacity, 0);
      const share = places > 0 ? (now?.held ?? 0) / places : null;
      const look = { share, part: site.part, flagged: (now?.open_discrepancies ?? 0) > 0 };
      const at = spots[i] ?? { x: site.lon, y: site.lat };
      return point(at.x, at.y, {
        id: site.id,
        icon: ringName(look),
        name: name(site.names, site.id),
        held: now?.held ?? 0,
        places,
        anchor: labels[i]?.anchor ?? 'left',
        offset: labels[i]?.offset ?? [1.2, 0],
      });
    }),
  );
}

/** Thin lines from where a site is to where its ring was moved, and from there to its name. */
export function leaders(sites: Site[], spots: Spot[], labels: PlacedLabel[]): Collection {
  return collection(
    sites.flatMap((site, i) => {
      const [at, name] = [spots[i], labels[i]?.led];
      if (!at) return [];
      const moved = Math.hypot(at.x - site.lon, at.y - site.lat) >= 1e-4;
      const lines = [
        ...(moved ? [[[site.lon, site.lat], [at.x, at.y]]] : []),
        ...(name ? [[[at.x, at.y], [name.x, name.y]]] : []),
      ];
      return lines.map((coordinates) => ({
        type: 'Feature' as const,
        geometry: { type: 'LineString' as const, coordinates },
        properties: {},
      }));
    }),
  );
}

/** Movements that have a place on the map now, `along` giving each its longitude and latitude. */
export function movementFeatures(
  movements: MovementLine[],
  along: (id: string, to: [number, number]) => [number, number],
): Collection {
  return collection(
    movements.flatMap((m) => {
      const [lon, lat] = m.position ?? [];
      const shown = m.status === 'under-way' || m.status === 'boarding' || m.status === 'arrived';
      if (lon === undefined || lat === undefined || !shown) return [];
      const [x, y] = along(m.id, [lon, lat]);
      const label = `${m.id.split('/')[1]} · ${m.boarded}`;
      return [point(x, y, { id: m.id, icon: convoyName(m.kind, false), label })];
    }),
  );
}

/** One point for each province's name: the middle of its largest ring. */
export function provinceNames(provinces: Collection, name: (text: Text) => string): Collection {
  return collection(
    provinces.features.flatMap((f) => {
      const rings =
        f.geometry.type === 'Polygon'
          ? [f.geometry.coordinates[0]]
          : f.geometry.type === 'MultiPolygon'
            ? f.geometry.coordinates.map((polygon) => polygon[0])
            : [];
      const middles = rings.flatMap((ring) => (ring ? [middle(ring)] : []));
      const best = middles.toSorted((a, b) => b.area - a.area)[0];
      return best && best.area > 0.05 ? [point(best.x, best.y, { name: name(f.properties as Text) })] : [];
    }),
  );
}

/** Centroid and area of a closed ring, in degrees. */
export function middle(ring: GeoJSON.Position[]): { x: number; y: number; area: number } {
  let [area, x, y] = [0, 0, 0];
  for (let i = 0; i + 1 < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i]!;
    const [bx = 0, by = 0] = ring[i + 1]!;
    const cross = ax * by - bx * ay;
    area += cross / 2;
    x += (ax + bx) * cross;
    y += (ay + by) * cross;
  }
  return area === 0
    ? { x: ring[0]?.[0] ?? 0, y: ring[0]?.[1] ?? 0, area: 0 }
    : { x: x / (6 * area), y: y / (6 * area), area: Math.abs(area) };
}
