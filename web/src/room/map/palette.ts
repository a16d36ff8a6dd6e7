/** The tokens as the map needs them: as values. */
const used = [
  'accent',
  'admitted',
  'bad',
  'edge',
  'held',
  'ink',
  'map-ground',
  'map-ink',
  'map-land',
  'map-line',
  'moving',
  'panel',
  'warn',
] as const;

export type Palette = Record<(typeof used)[number], string>;

export function palette(): Palette {
  const style = getComputedStyle(document.documentElement);
  return Object.fromEntries(
    used.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]),
  ) as Palette;
}
