/** Where each site's name goes, so that every site has one and as few as can be lie on another
 * name or mark. Pixels throughout; y grows downwards. */
import type { Spot } from './spread';

export interface Label {
  /** MapLibre's `text-anchor`: the corner or edge of the text that is tied to the mark. */
  anchor: (typeof sides)[number]['anchor'];
  /** From the mark's centre to the anchor. */
  offset: [number, number];
}
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}

/** In order of liking. `x` and `y` say where the text lies from the mark. */
const sides = [
  { anchor: 'left', x: 1, y: 0 },
  { anchor: 'right', x: -1, y: 0 },
  { anchor: 'bottom', x: 0, y: -1 },
  { anchor: 'top', x: 0, y: 1 },
  { anchor: 'bottom-left', x: 0.75, y: -0.75 },
  { anchor: 'top-left', x: 0.75, y: 0.75 },
  { anchor: 'bottom-right', x: -0.75, y: -0.75 },
  { anchor: 'top-right', x: -0.75, y: 0.75 },
] as const;

/** One label for each mark, in order. `widths` are those of the texts, all `height` high; `radius`
 * is the marks'. Marks earlier in the list choose first. What would lie outside `map` is lost
 * as what is covered. */
export function labels(
  marks: Spot[],
  widths: number[],
  height: number,
  radius: number,
  map: Box,
): Label[] {
  const taken: Box[] = marks.map(({ x, y }) => around(x, y, radius - 2, radius - 2));
  return marks.map((mark, i) => {
    const own = taken[i]!;
    const choices = sides.map((side, liking) => {
      const offset: [number, number] = [side.x * (radius + 3), side.y * (radius + 2)];
      const box = lay(mark, widths[i] ?? 0, height, side, offset);
      const lost = taken.reduce((sum, other) => sum + (other === own ? 0 : shared(box, other)), 0);
      const outside = (box.right - box.left) * height - shared(box, map);
      return { label: { anchor: side.anchor, offset }, box, lost: lost + outside + liking * 0.01 };
    });
    const best = choices.reduce((a, b) => (b.lost < a.lost ? b : a));
    taken.push(best.box);
    return best.label;
  });
}

function lay(
  mark: Spot,
  width: number,
  height: number,
  side: { x: number; y: number },
  [dx, dy]: [number, number],
): Box {
  const across = side.x === 0 ? 0 : (Math.sign(side.x) * width) / 2;
  const down = side.y === 0 ? 0 : (Math.sign(side.y) * height) / 2;
  return around(mark.x + dx + across, mark.y + dy + down, width / 2, height / 2);
}
function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight };
}
/** Area that two boxes share. */
function shared(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
