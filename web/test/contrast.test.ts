/** WCAG 2.2 contrast of every pair of tokens that meet on a screen, in both themes. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/style/tokens.css', import.meta.url), 'utf8');

function tokens(theme: string): Record<string, string> {
  const block = new RegExp(`data-theme='${theme}'\\] \\{([^}]*)\\}`).exec(css)?.[1] ?? '';
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1], m[2]]));
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((i) => {
    const c = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}
function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

/** Text needs 4.5 to 1; graphics and the edges of controls need 3 to 1. */
const text: [string, string[]][] = [
  ['ink', ['ground', 'panel', 'raised', 'picked', 'warn-ground', 'bad-ground', 'good-ground', 'map-land']],
  ['muted', ['ground', 'panel', 'raised', 'picked', 'warn-ground', 'bad-ground']],
  ['accent', ['ground', 'panel', 'raised', 'picked', 'bad-ground']],
  ['on-accent', ['accent']],
  ['moving', ['panel', 'raised', 'map-land']],
  ['contested', ['panel', 'raised', 'ground']],
  ['good', ['panel', 'raised', 'ground', 'picked', 'good-ground']],
  ['warn', ['panel', 'raised', 'ground', 'picked', 'warn-ground']],
  ['bad', ['panel', 'raised', 'ground', 'bad-ground', 'warn-ground']],
  ['map-ink', ['map-land']],
];
const graphics: [string, string[]][] = [
  ['edge', ['panel', 'ground', 'raised', 'warn-ground', 'map-land']],
  ['held', ['panel', 'raised']],
  ['admitted', ['panel', 'raised', 'map-land']],
  ['moving', ['panel', 'raised', 'ground']],
  ['ended', ['panel', 'raised']],
  ['accent', ['panel', 'ground']],
];

describe.each(['light', 'dark'])('%s', (theme) => {
  const all = tokens(theme);
  const cases = [
    ...text.flatMap(([on, grounds]) => grounds.map((g) => [on, g, 4.5] as const)),
    ...graphics.flatMap(([on, grounds]) => grounds.map((g) => [on, g, 3] as const)),
  ];
  it.each(cases)('%s on %s reaches %d', (on, ground, least) => {
    expect(contrast(all[on]!, all[ground]!)).toBeGreaterThanOrEqual(least);
  });
});

it('knows black on white', () => expect(contrast('#000000', '#ffffff')).toBeCloseTo(21));
it('has the same tokens in both themes', () => {
  expect(Object.keys(tokens('light'))).toEqual(Object.keys(tokens('dark')));
});
