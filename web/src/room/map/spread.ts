/** Moves marks apart that would lie on one another, as two prisons of one town do. */

export interface Spot {
  x: number;
  y: number;
}

/** The same spots in the same order, none nearer than `apart` to another where that can be had in
 * few rounds. Spots on one point part along a line, so equal input gives equal output. */
export function spread(spots: Spot[], apart: number, rounds = 24): Spot[] {
  const out = spots.map((s) => ({ ...s }));
  for (let round = 0; round < rounds; round++) {
    let moved = false;
    for (let i = 0; i < out.length; i++) {
      for (let j = i + 1; j < out.length; j++) {
        const a = out[i]!;
        const b = out[j]!;
        let dx = b.x - a.x;
        let dy = b.y - a.y;
        const gap = Math.hypot(dx, dy);
        if (gap >= apart - 0.01) continue;
        if (gap < 0.01) [dx, dy] = [1, 0];
        const length = Math.hypot(dx, dy);
        const push = (apart - gap) / 2 / length;
        a.x -= dx * push;
        a.y -= dy * push;
        b.x += dx * push;
        b.y += dy * push;
        moved = true;
      }
    }
    if (!moved) break;
  }
  return out;
}
