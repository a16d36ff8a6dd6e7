import { describe, expect, it } from 'vitest';
import type { NightLine, Published } from '../src/api/types.ts';
import { cumulative, curve, path, roundStep, steps } from '../src/room/curve.ts';
import { middle } from '../src/room/map/features.ts';
import { Glide } from '../src/room/map/glide.ts';
import { labels } from '../src/room/map/labels.ts';
import { ringName } from '../src/room/map/icons.ts';
import { spread } from '../src/room/map/spread.ts';
import { progress } from '../src/room/progress.ts';
import { columns, step } from '../src/room/timeline.ts';

const night = (date: string, fields: Partial<NightLine> = {}): NightLine => ({
  night: date,
  planned: 100,
  first_planned: 120,
  departed: 0,
  admitted: 0,
  promised: 150,
  movements: [],
  ...fields,
});
const nights = [
  night('2026-01-21', { departed: 150, admitted: 144, planned: 150 }),
  night('2026-01-22', { departed: 60, admitted: 66 }),
  night('2026-01-23'),
];

describe('the row of nights', () => {
  it('shares one height', () => {
    const drawn = columns(nights, 1);
    expect(drawn.map((c) => c.when)).toEqual(['past', 'now', 'coming']);
    expect(drawn[0]).toMatchObject({ planned: 1, done: 1, promised: 1, first: 0.8 });
    expect(drawn[1]!.done).toBeCloseTo(0.44);
  });
  it('stands empty without dividing by nothing', () => {
    const bare = night('2026-01-21', { planned: 0, first_planned: 0, promised: 0 });
    expect(columns([bare], null)[0]).toMatchObject({ planned: 0, when: 'coming' });
  });
  it('is walked with the arrows, the other way round in Arabic', () => {
    expect([step('ArrowRight', 1, 3, false), step('ArrowRight', 1, 3, true)]).toEqual([2, 0]);
    expect([step('ArrowLeft', 0, 3, false), step('ArrowLeft', 2, 3, true)]).toEqual([0, 2]);
    expect([step('Home', 2, 3, false), step('End', 0, 3, true), step('a', 0, 3, false)]).toEqual([0, 2, null]);
  });
});

describe('the curve', () => {
  const frame = { width: 400, height: 200, start: 40, end: 10, top: 10, bottom: 20, rtl: false, date: 50 };
  const said = (date: string, low: number, high: number, subject = 'moved-cumulative'): Published => ({
    date, low, high, subject, who: 'somebody', source: 'somewhere',
  });
  it('adds up and steps', () => {
    expect(cumulative([1, 2, 3])).toEqual([1, 3, 6]);
    expect(path(steps([{ x: 0, y: 9 }, { x: 5, y: 4 }]))).toBe('M0.0 9.0L5.0 9.0L5.0 4.0');
    expect([roundStep(7000, 4), roundStep(300, 4), roundStep(0, 4)]).toEqual([2000, 100, 1]);
  });
  it('ends at the night under way', () => {
    const drawn = curve(nights, 1, [], 300, frame);
    expect(drawn.done.at(-1)!.x).toBe(drawn.plan[1]!.x);
    expect(curve(nights, null, [], 300, frame).done).toEqual([]);
  });
  it('is the mirror image in Arabic', () => {
    const ltr = curve(nights, 2, [said('2026-01-22', 10, 20)], 300, frame);
    const rtl = curve(nights, 2, [said('2026-01-22', 10, 20)], 300, { ...frame, rtl: true });
    ltr.done.forEach((p, i) => expect(p.x + rtl.done[i]!.x).toBeCloseTo(frame.width));
    expect(ltr.published[0]!.x + rtl.published[0]!.x).toBeCloseTo(frame.width);
  });
  it('keeps figures said on one day apart, and open ends open', () => {
    const figures = [
      said('2026-01-22', 60, 60),
      said('2026-01-22', 50, 50),
      said('2026-01-23', 200, 300),
      said('2026-01-23', 0, 99),
      said('2026-01-23', 12, 12, 'nationality:IQ'),
    ];
    const { published } = curve(nights, 2, figures, 300, frame);
    expect(published.map((p) => p.open)).toEqual([null, null, 'over', 'under']);
    expect(published[1]!.x).toBeGreaterThan(published[0]!.x);
  });
});

it('divides the cohort without overlap', () => {
  const totals = {
    registered: 7000, cleared: 0, departed: 400, in_transit: 50, admitted: 340, ended: 10,
    contested: 1, open_discrepancies: 0, balanced: true,
  };
  const parts = progress(totals, 7000);
  expect(parts.admitted + parts.inTransit + parts.ended + parts.remaining).toBe(parts.whole);
  expect(progress({ ...totals, admitted: 8000 }, 7000).remaining).toBe(0);
});

describe('the map', () => {
  it('parts two prisons of one town and leaves the rest alone', () => {
    const [a, b, far] = spread([{ x: 5, y: 5 }, { x: 5, y: 5 }, { x: 200, y: 0 }], 20);
    expect(Math.hypot(a!.x - b!.x, a!.y - b!.y)).toBeGreaterThan(19.9);
    expect(far).toEqual({ x: 200, y: 0 });
  });
  it('glides from where a mark is, and shows a new one at its place', () => {
    let now = 0;
    const glide = new Glide(100, () => now);
    glide.towards(new Map([['a', [0, 0]]]));
    expect(glide.at('a')).toEqual([0, 0]);
    glide.towards(new Map([['a', [10, 0]], ['b', [7, 7]]]));
    now = 50;
    expect([glide.at('a'), glide.at('b')]).toEqual([[5, 0], [7, 7]]);
    now = 200;
    expect([glide.at('a'), glide.done]).toEqual([[10, 0], true]);
  });
  it('puts names where they cover neither marks nor names', () => {
    const wide = { left: -500, top: -500, right: 500, bottom: 500 };
    const alone = labels([{ x: 0, y: 0 }], [50], 16, 12, wide);
    expect(alone[0]!.anchor).toBe('left');
    const row = [{ x: 0, y: 0 }, { x: 30, y: 0 }, { x: 60, y: 0 }];
    const made = labels(row, [80, 80, 80], 16, 12, wide).map((l) => l.anchor);
    expect(made).toEqual(['right', 'bottom', 'left']);
    const narrow = { ...wide, right: 60 };
    expect(labels([{ x: 0, y: 0 }], [80], 16, 12, narrow)[0]!.anchor, 'no room at the right').toBe('right');
  });
  it('leads names away with a line where sites crowd, as those of Hasakah do on a phone', () => {
    const crowd = [[53, 149], [52, 148], [73, 121], [52, 170], [110, 116], [70, 155], [113, 120], [108, 134], [151, 157]];
    const marks = spread(crowd.map(([x = 0, y = 0]) => ({ x, y })), 27);
    const widths = [105, 96, 98, 72, 128, 40, 84, 104, 130];
    const [height, radius] = [16, 13.5];
    const made = labels(marks, widths, height, radius, { left: 0, top: 0, right: 366, bottom: 440 });
    const boxes = made.map(({ anchor, offset: [dx, dy] }, i) => {
      const part = (near: string, far: string) => (anchor.includes(near) ? 0 : anchor.includes(far) ? 1 : 0.5);
      const left = marks[i]!.x + dx - part('left', 'right') * widths[i]!;
      const top = marks[i]!.y + dy - part('top', 'bottom') * height;
      return { left, top, right: left + widths[i]!, bottom: top + height };
    });
    const covers = (a: (typeof boxes)[0], b: (typeof boxes)[0]) =>
      Math.min(a.right, b.right) > Math.max(a.left, b.left) && Math.min(a.bottom, b.bottom) > Math.max(a.top, b.top);
    const over = boxes.flatMap((a, i) => boxes.slice(0, i).filter((b) => covers(a, b)).map(() => i));
    expect(over, 'no name lies on another').toEqual([]);
    const onARing = boxes.flatMap((box) => marks.filter(({ x, y }) => covers(box, { left: x - 9, top: y - 9, right: x + 9, bottom: y + 9 })));
    expect(onARing, 'nor on a ring').toEqual([]);
    expect(made.some((one) => one.led)).toBe(true);
  });
  it('names a ring by what it shows', () => {
    expect(ringName({ share: 0.512, part: 'origin', flagged: false })).toBe('ring:10:origin:');
    expect(ringName({ share: 3, part: 'destination', flagged: true })).toBe('ring:21:destination:flag');
    expect(ringName({ share: null, part: 'way', flagged: false })).toBe('ring:none:way:');
  });
  it('finds the middle of a ring', () => {
    expect(middle([[0, 0], [4, 0], [4, 2], [0, 2], [0, 0]])).toEqual({ x: 2, y: 1, area: 8 });
  });
});
