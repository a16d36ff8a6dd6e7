/** Marks drawn when they are first needed, named by what they show. */
import type { Palette } from './palette';

const ratio = 2;

interface RingLook {
  /** Held over capacity; above 1 when there are more people than places; null without places. */
  share: number | null;
  part: string;
  flagged: boolean;
}

/** Steps of a twentieth: few enough images, fine enough for the eye. */
export function ringName(look: RingLook): string {
  const share = look.share === null ? 'none' : Math.round(Math.min(look.share, 1.05) * 20);
  return `ring:${share}:${look.part}:${look.flagged ? 'flag' : ''}`;
}

export function convoyName(kind: string, cancelled: boolean): string {
  return `move:${kind}:${cancelled ? 'off' : 'on'}`;
}

/** Draws whatever `ringName` or `convoyName` named; null for other names. */
export function draw(name: string, colours: Palette): ImageData | null {
  const [what, a = '', b = '', c = ''] = name.split(':');
  if (what === 'ring') return ring(a === 'none' ? null : Number(a) / 20, b, c === 'flag', colours);
  if (what === 'move') return move(a, b === 'off', colours);
  if (what === 'hatch') return hatch(colours);
  return null;
}

function canvas(size: number, paint: (g: CanvasRenderingContext2D) => void): ImageData {
  const c = document.createElement('canvas');
  c.width = c.height = size * ratio;
  const g = c.getContext('2d')!;
  g.scale(ratio, ratio);
  paint(g);
  return g.getImageData(0, 0, size * ratio, size * ratio);
}

/** A ring filled clockwise from the top; origins are round, destinations square at the heart. */
function ring(share: number | null, part: string, flagged: boolean, p: Palette): ImageData {
  return canvas(28, (g) => {
    const [x, y, r] = [14, 14, 9];
    g.lineWidth = 4.5;
    g.beginPath();
    g.arc(x, y, r, 0, 2 * Math.PI);
    g.fillStyle = p.panel;
    g.fill();
    g.strokeStyle = p['map-line'];
    if (share !== null) g.stroke();
    if (share) {
      g.beginPath();
      g.arc(x, y, r, -Math.PI / 2, -Math.PI / 2 + 2 * Math.PI * Math.min(1, share));
      g.strokeStyle = share > 1 ? p.bad : part === 'destination' ? p.admitted : p.held;
      g.stroke();
    }
    g.lineWidth = 1;
    g.strokeStyle = p.ink;
    g.beginPath();
    g.arc(x, y, share === null ? 5 : r + 2.6, 0, 2 * Math.PI);
    g.stroke();
    g.fillStyle = p.ink;
    if (part === 'destination') g.fillRect(x - 2.5, y - 2.5, 5, 5);
    else {
      g.beginPath();
      g.arc(x, y, part === 'way' ? 2 : 2.8, 0, 2 * Math.PI);
      if (part === 'way') g.stroke();
      else g.fill();
    }
    if (flagged) {
      g.beginPath();
      g.moveTo(22, 1);
      g.lineTo(27.5, 10);
      g.lineTo(16.5, 10);
      g.closePath();
      g.fillStyle = p.warn;
      g.fill();
      g.strokeStyle = p.panel;
      g.stroke();
    }
  });
}

/** A convoy is a lozenge, a flight a triangle. */
function move(kind: string, cancelled: boolean, p: Palette): ImageData {
  return canvas(22, (g) => {
    g.beginPath();
    const corners =
      kind === 'flight'
        ? [11, 2, 20, 18, 2, 18]
        : [11, 2, 20, 11, 11, 20, 2, 11];
    g.moveTo(corners[0]!, corners[1]!);
    for (let i = 2; i < corners.length; i += 2) g.lineTo(corners[i]!, corners[i + 1]!);
    g.closePath();
    g.fillStyle = cancelled ? p.panel : p.moving;
    g.fill();
    g.lineWidth = 2;
    g.strokeStyle = cancelled ? p.bad : p.panel;
    g.stroke();
  });
}

function hatch(p: Palette): ImageData {
  return canvas(10, (g) => {
    g.strokeStyle = p.bad;
    g.globalAlpha = 0.75;
    g.lineWidth = 2;
    for (const at of [-10, 0, 10]) {
      g.beginPath();
      g.moveTo(at, 10);
      g.lineTo(at + 10, 0);
      g.stroke();
    }
  });
}
