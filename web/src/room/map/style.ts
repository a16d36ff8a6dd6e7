/** The map's style: provinces for the eye to rest on, roads as corridors, sites and movements. */
import type { LayerSpecification, StyleSpecification } from 'maplibre-gl';
import type { Text } from '../../api/types';
import { nothing } from './features';
import type { Palette } from './palette';

const font = ['Amana Sans'];
/** Of a site's name, in pixels. */
export const labelSize = 13;
export const sources = [
  'provinces',
  'province-names',
  'towns',
  'legs',
  'cover',
  'leaders',
  'sites',
  'movements',
] as const;
export type SourceName = (typeof sources)[number];

export function style(p: Palette, language: keyof Text): StyleSpecification {
  const halo = { 'text-halo-color': p['map-land'], 'text-halo-width': 1.6 };
  const layers: LayerSpecification[] = [
    { id: 'ground', type: 'background', paint: { 'background-color': p['map-ground'] } },
    {
      id: 'land',
      type: 'fill',
      source: 'provinces',
      paint: { 'fill-color': p['map-land'] },
    },
    {
      id: 'boundaries',
      type: 'line',
      source: 'provinces',
      paint: { 'line-color': p['map-line'], 'line-width': 0.8 },
    },
    {
      id: 'cover-stands',
      type: 'line',
      source: 'cover',
      filter: ['==', ['get', 'decision'], 'stands'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.admitted, 'line-width': 1.5, 'line-gap-width': 15 },
    },
    {
      id: 'cover-planned',
      type: 'line',
      source: 'cover',
      filter: ['==', ['get', 'decision'], 'planned'],
      layout: { 'line-join': 'round' },
      paint: {
        'line-color': p.edge,
        'line-width': 1.2,
        'line-gap-width': 15,
        'line-dasharray': [4, 3],
      },
    },
    {
      id: 'cover-withdrawn',
      type: 'line',
      source: 'cover',
      filter: ['==', ['get', 'decision'], 'withdrawn'],
      layout: { 'line-join': 'round' },
      paint: { 'line-pattern': 'hatch', 'line-width': 16 },
    },
    {
      id: 'legs',
      type: 'line',
      source: 'legs',
      filter: ['==', ['get', 'kind'], 'road'],
      paint: {
        'line-color': ['case', ['get', 'used'], p.moving, p.edge],
        'line-width': ['case', ['get', 'used'], 2, 1.2],
        'line-dasharray': [3, 2],
      },
    },
    {
      id: 'flights',
      type: 'line',
      source: 'legs',
      filter: ['==', ['get', 'kind'], 'air'],
      paint: {
        'line-color': ['case', ['get', 'used'], p.moving, p.edge],
        'line-width': ['case', ['get', 'used'], 1.6, 0.8],
        'line-dasharray': [1, 3],
      },
    },
    {
      id: 'leaders',
      type: 'line',
      source: 'leaders',
      paint: { 'line-color': p.ink, 'line-width': 0.8 },
    },
    {
      id: 'province-names',
      type: 'symbol',
      source: 'province-names',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': 11,
        'text-letter-spacing': language === 'en' ? 0.08 : 0,
        'text-max-width': 7,
      },
      paint: { 'text-color': p['map-ink'], 'text-opacity': 0.8, ...halo },
    },
    {
      id: 'towns',
      type: 'symbol',
      source: 'towns',
      filter: ['<', ['get', 'rank'], ['step', ['zoom'], 12, 6, 25, 7, 50, 8, 1000]],
      layout: {
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': 11,
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.35,
        'symbol-sort-key': ['get', 'rank'],
      },
      paint: { 'text-color': p['map-ink'], ...halo },
    },
    // MapLibre places the last layer first: labels give way to every mark, movements' to sites'.
    {
      id: 'movement-labels',
      type: 'symbol',
      source: 'movements',
      layout: {
        'text-field': ['get', 'label'],
        'text-font': font,
        'text-size': 12,
        'text-variable-anchor-offset': [
          ...['bottom', [0, -1.1], 'top', [0, 1.1], 'left', [1.1, 0], 'right', [-1.1, 0]],
          ...['bottom-left', [1.6, -1.4], 'top-left', [1.6, 1.4]],
          ...['bottom-right', [-1.6, -1.4], 'top-right', [-1.6, 1.4]],
        ] as never,
      },
      paint: { 'text-color': p.moving, 'text-halo-color': p['map-land'], 'text-halo-width': 2 },
    },
    {
      id: 'site-labels',
      type: 'symbol',
      source: 'sites',
      layout: {
        'text-field': ['get', 'name'],
        'text-font': font,
        'text-size': labelSize,
        'text-max-width': 40,
        // Placed by `labels`, which leaves no prison without a name.
        'text-anchor': ['get', 'anchor'],
        'text-offset': ['get', 'offset'],
        'text-allow-overlap': true,
      },
      paint: { 'text-color': p.ink, 'text-halo-color': p['map-land'], 'text-halo-width': 2 },
    },
    {
      id: 'sites',
      type: 'symbol',
      source: 'sites',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0 },
    },
    {
      id: 'movements',
      type: 'symbol',
      source: 'movements',
      layout: { 'icon-image': ['get', 'icon'], 'icon-allow-overlap': true, 'icon-padding': 0 },
    },
  ];
  return {
    version: 8,
    sources: Object.fromEntries(
      sources.map((name) => [name, { type: 'geojson' as const, data: nothing }]),
    ),
    layers,
  };
}
