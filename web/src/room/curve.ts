/** Geometry of the cumulative chart: nights along one axis, people along the other. */
import type { NightLine, Published } from '../api/types';
import { bound } from '../text/published';

/** Subjects that count everybody moved so far, and so belong beside the curve. */
const firstNight = ['departed', 'arrived'];
function isCumulative(figure: Published): boolean {
  return figure.subject.endsWith('-cumulative') || firstNight.includes(figure.subject);
}

export interface Point {
  x: number;
  y: number;
}
export interface PublishedPoint {
  figure: Published;
  x: number;
  low: number;
  high: number;
  /** Where the figure says only "more than" or "fewer than", the end that is no number. */
  open: 'over' | 'under' | null;
}
export interface Curve {
  /** Admitted until now, as steps. */
  done: Point[];
  /** By the plan in force, to the last night. */
  plan: Point[];
  first: Point[];
  published: PublishedPoint[];
  ticksY: { y: number; people: number }[];
  ticksX: { x: number; night: string }[];
}
interface Frame {
  width: number;
  height: number;
  /** Room for the words along the axes. */
  start: number;
  end: number;
  top: number;
  bottom: number;
  rtl: boolean;
  /** Room that a date takes along the axis. */
  date: number;
}

const dayMs = 86_400_000;
/** Length of the arrow of an open end, in pixels. */
const stub = 16;

export function cumulative(values: number[]): number[] {
  let sum = 0;
  return values.map((v) => (sum += v));
}

/** Steps through the ends of nights: flat until a night's end, then up. */
export function steps(points: Point[]): Point[] {
  return points.flatMap((p, i) => {
    const before = points[i - 1];
    return before ? [{ x: p.x, y: before.y }, p] : [p];
  });
}

/** A round step that divides `top` into about `parts`. */
export function roundStep(top: number, parts: number): number {
  const raw = Math.max(1, top / parts);
  const unit = 10 ** Math.floor(Math.log10(raw));
  return unit * ([1, 2, 2.5, 5, 10].find((k) => k * unit >= raw) ?? 10);
}

export function curve(
  nights: NightLine[],
  now: number | null,
  published: Published[],
  cohort: number,
  frame: Frame,
): Curve {
  const first = nights[0]?.night;
  const index = (date: string) =>
    first ? Math.round((Date.parse(date) - Date.parse(first)) / dayMs) : 0;
  const shown = published
    .filter(isCumulative)
    .map((figure) => ({ figure, at: index(figure.date) }))
    .filter(({ at }) => at >= 0 && at < nights.length + 14);
  const columns = Math.max(nights.length, 1, ...shown.map(({ at }) => at + 1));
  const plan = cumulative(nights.map((n) => n.planned));
  const firstPlan = cumulative(nights.map((n) => n.first_planned));
  const top = Math.max(cohort, ...plan, ...firstPlan, ...shown.map((s) => Math.min(s.figure.high, cohort * 1.1)), 1);

  const span = frame.width - frame.start - frame.end;
  const x = (column: number) => {
    const along = ((column + 0.5) / columns) * span;
    return frame.rtl ? frame.width - frame.start - along : frame.start + along;
  };
  const y = (people: number) =>
    frame.height - frame.bottom - (people / top) * (frame.height - frame.top - frame.bottom);
  const line = (sums: number[]) => sums.map((sum, i) => ({ x: x(i), y: y(sum) }));

  const admitted = cumulative(nights.map((n) => n.admitted));
  const step = roundStep(top, 4);
  const dates = Math.max(1, Math.min(6, Math.floor(span / frame.date)));
  const every = Math.max(1, Math.ceil(nights.length / dates), Math.ceil((frame.date * columns) / span));
  const perDay: Record<number, number> = {};
  return {
    done: now === null ? [] : steps(line(admitted.slice(0, now + 1))),
    plan: line(plan),
    first: line(firstPlan),
    published: shown.map(({ figure, at }) => {
      const nth = (perDay[at] = (perDay[at] ?? -1) + 1);
      const aside = nth * 7 * (frame.rtl ? -1 : 1);
      const how = bound(figure, cohort);
      const [low, high] = [y(figure.low), y(figure.high)];
      const place = { figure, x: x(at) + aside };
      if (how === 'over') return { ...place, low, high: low - stub, open: how };
      if (how === 'under') return { ...place, low: high + stub, high, open: how };
      return { ...place, low, high, open: null };
    }),
    ticksY: Array.from({ length: Math.floor(top / step) + 1 }, (_, i) => ({
      y: y(i * step),
      people: i * step,
    })),
    ticksX: nights
      .map((n, i) => ({ x: x(i), night: n.night, i }))
      .filter(({ i }) => i % every === 0),
  };
}

export function path(points: Point[]): string {
  return points.map((p, i) => `${i ? 'L' : 'M'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`).join('');
}
