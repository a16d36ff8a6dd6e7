/** The MapLibre map and its life: made once, given pictures, taken down. */
import { type GeoJSONSource, Map as Maplibre, NavigationControl, setWorkerUrl } from 'maplibre-gl';
import 'maplibre-gl/dist/maplibre-gl.css';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import type { Operation, Picture, Text } from '../../api/types';
import {
  type Collection,
  type PlacedLabel,
  coverFeatures,
  leaders,
  legFeatures,
  movementFeatures,
  point,
  provinceNames,
  siteFeatures,
} from './features';
import { m } from '../../lib/paraglide/messages';
import { Glide } from './glide';
import { draw } from './icons';
import { type Palette, palette } from './palette';
import { labels } from './labels';
import { type Spot, spread } from './spread';
import { labelSize, type SourceName, style } from './style';

setWorkerUrl(workerUrl);

/** Rings nearer than this are moved apart, in pixels. */
const apart = 27;

/** A name as MapLibre must be given it: it reorders right-to-left text but does not mirror brackets
 * in it, so they are turned here. */
export function named(text: Text, id: string, language: keyof Text): string {
  const name = text[language] || text.en || id;
  return language === 'en' ? name : name.replace(/\(([^()]*)\)/g, ')$1(');
}

export interface Backdrop {
  provinces: Collection | null;
  /** The largest first. */
  towns: Collection | null;
}
export interface Hovered {
  x: number;
  y: number;
  layer: 'sites' | 'movements';
  id: string;
}

/** Around the sites, for their names. A phone has less to spare at the sides, and the sites crowd in the north. */
const padding = (place: HTMLElement) => {
  const side = Math.min(140, place.clientWidth / 6);
  return { top: place.clientWidth < 620 ? 100 : 40, bottom: 34, left: side, right: side };
};

/** Where somebody moved the last map to: a change of theme, language or size leaves it there. */
let kept: { center: [number, number]; zoom: number } | null = null;

export class Chart {
  #map: Maplibre;
  #colours: Palette;
  #pen = document.createElement('canvas').getContext('2d')!;
  #ready = false;
  #picture: Picture | null = null;
  #backdrop: Backdrop = { provinces: null, towns: null };
  #spots: Spot[] = [];
  #labels: PlacedLabel[] = [];
  #glide = new Glide(matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 480);
  #frame = 0;

  constructor(
    container: HTMLElement,
    private readonly operation: Operation,
    private readonly language: keyof Text,
    title: string,
    private readonly on: {
      hover: (what: Hovered | null) => void;
      open: (href: string) => void;
      idle: () => void;
    },
  ) {
    const colours = palette();
    this.#map = new Maplibre({
      container,
      style: style(colours, language),
      attributionControl: false,
      locale: {
        'Map.Title': title,
        'NavigationControl.ZoomIn': m.zoom_in(),
        'NavigationControl.ZoomOut': m.zoom_out(),
      },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      minZoom: 3.5,
      maxZoom: 12,
      ...(kept ?? { bounds: this.#bounds(), fitBoundsOptions: { padding: padding(container) } }),
    });
    this.#map.touchZoomRotate.disableRotation();
    this.#map.keyboard.disableRotation();
    // In the north-east, where no site is: the map is not mirrored with the writing.
    this.#map.addControl(new NavigationControl({ showCompass: false }), 'top-right');
    this.#colours = colours;
    this.#map.on('load', () => {
      this.#ready = true;
      this.#need('hatch');
      this.#still();
      this.#place();
      this.show(this.#picture);
    });
    this.#map.on('resize', () => {
      if (!kept) this.#map.fitBounds(this.#bounds(), { padding: padding(container), animate: false });
    });
    this.#map.on('zoomend', () => this.#place());
    this.#map.on('resize', () => this.#place());
    this.#map.on('moveend', (event) => {
      if (!event.originalEvent) return;
      const { lng, lat } = this.#map.getCenter();
      kept = { center: [lng, lat], zoom: this.#map.getZoom() };
    });
    this.#map.once('idle', () => on.idle());
    this.#listen();
  }

  behind(backdrop: Backdrop) {
    this.#backdrop = backdrop;
    this.#still();
  }

  show(picture: Picture | null) {
    this.#picture = picture;
    if (!this.#ready) return;
    const movements = picture?.movements ?? [];
    this.#set('legs', legFeatures(this.operation.legs, movements));
    this.#set('cover', coverFeatures(this.operation.legs, picture));
    this.#sites();
    this.#glide.towards(
      new Map(
        movements.flatMap((m) => {
          const [lon, lat] = m.position ?? [];
          return lon === undefined || lat === undefined ? [] : [[m.id, [lon, lat]] as const];
        }),
      ) as Map<string, [number, number]>,
    );
    cancelAnimationFrame(this.#frame);
    this.#move();
  }

  remove() {
    cancelAnimationFrame(this.#frame);
    this.#map.remove();
  }

  #bounds(): [[number, number], [number, number]] {
    const sites = this.operation.sites.filter((s) => s.part !== 'context');
    const lon = sites.map((s) => s.lon);
    const lat = sites.map((s) => s.lat);
    if (!sites.length) return [[38, 29], [48, 38]];
    return [
      [Math.min(...lon), Math.min(...lat)],
      [Math.max(...lon), Math.max(...lat)],
    ];
  }

  /** An image must be there before anything shows it. */
  #need(image: unknown) {
    if (typeof image !== 'string' || this.#map.hasImage(image)) return;
    const drawn = draw(image, this.#colours);
    if (drawn) this.#map.addImage(image, drawn, { pixelRatio: 2 });
  }

  #set(name: SourceName, data: Collection) {
    for (const feature of data.features) this.#need(feature.properties?.['icon']);
    this.#map.getSource<GeoJSONSource>(name)?.setData(data);
  }

  /** What the picture does not change. */
  #still() {
    if (!this.#ready) return;
    const { provinces, towns } = this.#backdrop;
    if (provinces) {
      this.#set('provinces', provinces);
      this.#set('province-names', provinceNames(provinces, (text) => this.#name(text, '')));
    }
    // A site's own label stands for the town it is in.
    const near = (lon: number, lat: number) =>
      this.operation.sites.some((s) => Math.hypot(s.lon - lon, s.lat - lat) < 0.13);
    this.#set('towns', {
      type: 'FeatureCollection',
      features: (towns?.features ?? []).flatMap((town, rank) => {
        if (town.geometry.type !== 'Point') return [];
        const [lon = 0, lat = 0] = town.geometry.coordinates;
        const names = town.properties as Text;
        return near(lon, lat) ? [] : [point(lon, lat, { name: this.#name(names, ''), rank })];
      }),
    });
  }

  /** Rings and names where they do not cover one another at this zoom. */
  #place() {
    if (!this.#ready) return;
    const { sites } = this.operation;
    const pixels = sites.map((s) => this.#map.project([s.lon, s.lat]));
    const parted = spread(pixels, apart);
    const there = ({ x, y }: Spot): Spot => {
      const { lng, lat } = this.#map.unproject([x, y]);
      return { x: lng, y: lat };
    };
    this.#spots = parted.map((spot, i) => {
      const [site, pixel] = [sites[i]!, pixels[i]!];
      if (Math.hypot(spot.x - pixel.x, spot.y - pixel.y) < 0.5) return { x: site.lon, y: site.lat };
      return there(spot);
    });
    const widths = sites.map((s) => this.#width(this.#name(s.names, s.id)));
    const { clientWidth: right, clientHeight: bottom } = this.#map.getContainer();
    const frame = { left: 0, top: 0, right, bottom };
    const placed = labels(parted, widths, labelSize * 1.25, apart / 2, frame);
    this.#labels = placed.map(({ anchor, offset: [x, y], led }, i) => ({
      anchor,
      offset: [x / labelSize, y / labelSize],
      led: led ? there({ x: parted[i]!.x + x, y: parted[i]!.y + y }) : null,
    }));
    this.#set('leaders', leaders(sites, this.#spots, this.#labels));
    this.#sites();
  }

  #sites() {
    const name = (text: Text, id: string) => this.#name(text, id);
    this.#set('sites', siteFeatures(this.operation.sites, this.#spots, this.#labels, this.#picture, name));
  }

  #name(text: Text, id: string): string {
    return named(text, id, this.language);
  }

  #width(text: string): number {
    this.#pen.font = `${labelSize}px "Amana Sans"`;
    return this.#pen.measureText(text).width;
  }

  #move() {
    const movements = this.#picture?.movements ?? [];
    this.#set('movements', movementFeatures(movements, (id, to) => this.#glide.at(id) ?? to));
    if (!this.#glide.done && movements.length)
      this.#frame = requestAnimationFrame(() => this.#move());
  }

  #listen() {
    for (const layer of ['sites', 'movements'] as const) {
      this.#map.on('mousemove', layer, (event) => {
        const id = event.features?.[0]?.properties['id'] as string | undefined;
        this.#map.getCanvas().style.cursor = id ? 'pointer' : '';
        this.on.hover(id ? { x: event.point.x, y: event.point.y, layer, id } : null);
      });
      this.#map.on('mouseleave', layer, () => {
        this.#map.getCanvas().style.cursor = '';
        this.on.hover(null);
      });
      this.#map.on('click', layer, (event) => {
        const id = event.features?.[0]?.properties['id'] as string | undefined;
        if (id) this.on.open(layer === 'sites' ? `/sites/${id}` : `/movements/${id}`);
      });
    }
  }
}
