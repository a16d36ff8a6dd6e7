/** What is the matter with a device, worst first; nothing when it is as it should be. */
import type { DeviceLine } from '../api/types';

type Matter = 'twice' | 'void' | 'beyond' | 'missing' | 'waiting' | 'ahead' | 'silent' | 'revoked';

export function matters(device: DeviceLine): Matter[] {
  const found: Matter[] = [];
  if (device.twice.length) found.push('twice');
  if (!device.stands) found.push('void');
  if (device.revoked?.beyond) found.push('beyond');
  if (device.missing.length) found.push('missing');
  if (device.waiting.length) found.push('waiting');
  if (device.ahead) found.push('ahead');
  if (device.silent_since) found.push('silent');
  if (device.revoked) found.push('revoked');
  return found;
}

/** Whether somebody must look at it: a revoked device that says no more is as it should be. */
export function troubled(device: DeviceLine): boolean {
  return matters(device).some((one) => one !== 'revoked');
}

/** A finding in a device's chain, as one line. */
export interface Finding {
  device: DeviceLine;
  kind: 'twice' | 'missing' | 'waiting';
  sequence: string;
  /** What shows it. */
  fact: { hash: string; kind: string; recorded_at: string };
  /** The hash of the fact that is missing, where it is known. */
  lacks: string | null;
}

/** Everything that chains lack or have too much of. */
export function findings(devices: DeviceLine[]): Finding[] {
  return devices.flatMap((device) => [
    ...device.twice.flatMap((one) =>
      one.facts.map((fact) => ({
        device,
        kind: 'twice' as const,
        sequence: String(one.sequence),
        fact,
        lacks: null,
      })),
    ),
    ...device.missing.map((gap) => ({
      device,
      kind: 'missing' as const,
      sequence: gap.first === gap.last ? String(gap.first) : `${gap.first}–${gap.last}`,
      fact: gap.before,
      lacks: device.waiting.find((one) => one.fact.hash === gap.before.hash)?.missing ?? null,
    })),
    ...device.waiting
      .filter((one) => !device.missing.some((gap) => gap.before.hash === one.fact.hash))
      .map((one) => ({
        device,
        kind: 'waiting' as const,
        sequence: String(one.fact.sequence),
        fact: one.fact,
        lacks: one.missing,
      })),
  ]);
}
