/** The slider's scale: equal steps multiply, from 1 to 1,000,000 operation seconds per second. */
export const presets = [1, 60, 600, 3600, 36_000] as const;

export function toSlider(speed: number): number {
  return Math.round(Math.log10(Math.min(1_000_000, Math.max(1, speed))) * 100);
}

/** Rounded to two digits, as nobody means 3,548.1. */
export function fromSlider(at: number): number {
  const raw = 10 ** (at / 100);
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(raw)) - 1);
  return Math.min(1_000_000, Math.round(raw / unit) * unit);
}
