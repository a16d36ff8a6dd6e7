/** Where each site's name goes, so that every site has one and as few as can be lie on another
 * name or mark. Pixels throughout; y grows downwards. */
import type { Spot } from './spread';

export interface Label {
  /** MapLibre's `text-anchor`: the corner or edge of the text that is tied to the offset. */
  anchor: Anchor;
  /** From the mark's centre to the anchor. */
  offset: [number, number];
  /** Whether the name stands so far off that a line has to lead to it. */
  led: boolean;
}
type Anchor = (typeof beside)[number]['anchor'];
interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
interface Choice {
  label: Label;
  box: Box;
  /** The less the better liked, before anything is in the way. */
  liking: number;
}

/** Close to the mark, in order of liking. `x` and `y` say where the text lies from it. */
const beside = [
  { anchor: 'left', x: 1, y: 0 },
  { anchor: 'right', x: -1, y: 0 },
  { anchor: 'bottom', x: 0, y: -1 },
  { anchor: 'top', x: 0, y: 1 },
  { anchor: 'bottom-left', x: 0.75, y: -0.75 },
  { anchor: 'top-left', x: 0.75, y: 0.75 },
  { anchor: 'bottom-right', x: -0.75, y: -0.75 },
  { anchor: 'top-right', x: -0.75, y: 0.75 },
] as const;

/** Further off, in heights of a name: across and down from the mark. */
const steps = [0, 1, 2, 3, 4, 5];
/** What a pixel further from the mark costs, and one of its line on something else, against a square
 * pixel of a name that is covered. */
const perPixel = 0.6;
const perCrossed = 12;
/** What two lines cost that cross each other. */
const perMeeting = 60;
const rounds = 8;

/** One label for each mark, in order. `widths` are those of the texts, all `height` high; `radius`
 * is the marks'. Each in turn takes what is best beside the others, until none would rather move. What
 * would lie outside `map` is lost as what is covered. */
export function labels(
  marks: Spot[],
  widths: number[],
  height: number,
  radius: number,
  map: Box,
): Label[] {
  const rings = marks.map(({ x, y }) => around(x, y, radius - 2, radius - 2));
  const choices = marks.map((mark, i) => choicesOf(mark, widths[i] ?? 0, height, radius));
  const taken: (Choice | undefined)[] = marks.map(() => undefined);
  for (let round = 0; round < rounds; round++) {
    let moved = false;
    for (const [i, mark] of marks.entries()) {
      const others = [
        ...rings.filter((_, j) => j !== i),
        ...taken.flatMap((one, j) => (one && j !== i ? [one.box] : [])),
      ];
      const lines = taken.flatMap((one, j) => (one?.label.led && j !== i ? [line(marks[j]!, one.label)] : []));
      let [best, least] = [taken[i], Infinity];
      for (const one of choices[i]!) {
        let cost = one.liking + area(one.box) - shared(one.box, map);
        for (const other of others) cost += shared(one.box, other);
        for (const of of lines) cost += crossing(of, [one.box]) * perCrossed;
        if (one.label.led && cost < least) {
          const own = line(mark, one.label);
          cost += crossing(own, others) * perCrossed;
          cost += lines.filter((other) => meet(own, other)).length * perMeeting;
        }
        if (cost < least) [best, least] = [one, cost];
      }
      moved ||= best !== taken[i];
      taken[i] = best;
    }
    if (!moved) break;
  }
  return taken.map((one) => one!.label);
}

function choicesOf(mark: Spot, width: number, height: number, radius: number): Choice[] {
  const choice = (anchor: Anchor, offset: [number, number], led: boolean, liking: number) => ({
    label: { anchor, offset, led },
    box: lay(mark, width, height, anchor, offset),
    liking,
  });
  const near = beside.map(({ anchor, x, y }, i) =>
    choice(anchor, [x * (radius + 3), y * (radius + 2)], false, i * 0.01),
  );
  const far = steps.flatMap((across) =>
    steps.flatMap((down) => {
      if (across + down === 0) return [];
      const [x, y] = [radius + 3 + across * height, down * height];
      const liking = Math.hypot(x, y) * perPixel;
      return [1, -1].flatMap((way) => [
        choice('left', [x, way * y], true, liking),
        choice('right', [-x, way * y], true, liking),
      ]);
    }),
  );
  return [...near, ...far];
}

function lay(mark: Spot, width: number, height: number, anchor: Anchor, [dx, dy]: [number, number]): Box {
  const across = anchor.includes('left') ? 1 : anchor.includes('right') ? -1 : 0;
  const down = anchor.includes('top') ? 1 : anchor.includes('bottom') ? -1 : 0;
  const [x, y] = [mark.x + dx + (across * width) / 2, mark.y + dy + (down * height) / 2];
  return around(x, y, width / 2, height / 2);
}
function around(x: number, y: number, halfWidth: number, halfHeight: number): Box {
  return { left: x - halfWidth, top: y - halfHeight, right: x + halfWidth, bottom: y + halfHeight };
}
function area(box: Box): number {
  return (box.right - box.left) * (box.bottom - box.top);
}
/** Area that two boxes share. */
function shared(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}
type Line = [from: Spot, to: Spot];

function line(mark: Spot, { offset: [dx, dy] }: Label): Line {
  return [mark, { x: mark.x + dx, y: mark.y + dy }];
}
/** Length of a line that lies on something. */
function crossing([from, to]: Line, things: Box[]): number {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const step = 3;
  let on = 0;
  for (let along = step; along < length; along += step) {
    const x = from.x + ((to.x - from.x) * along) / length;
    const y = from.y + ((to.y - from.y) * along) / length;
    if (things.some((box) => x > box.left && x < box.right && y > box.top && y < box.bottom)) on += step;
  }
  return on;
}
function meet([a, b]: Line, [c, d]: Line): boolean {
  const turn = (p: Spot, q: Spot, r: Spot) => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return turn(a, b, c) !== turn(a, b, d) && turn(c, d, a) !== turn(c, d, b);
}
