/** An order: what the authority's key is asked to sign, written down to be carried to it, and what comes
 *  back. docs/formats/order.md has both files. No page holds that key. */
import type { DeviceChainHead } from '../api/types';

export interface Enrolment {
  key: string;
  role: string;
  site: string | null;
  unit: string | null;
  /** How long it is good for. */
  days: number;
  /** After how long without a word somebody must look. */
  silence_hours: number;
  /** The device it takes the place of. */
  replaces: string | null;
}

export interface Revocation {
  device: string;
  /** The last sequence that counts; null when nothing does. */
  last: number | null;
  why: string;
}

export interface Order {
  enrol: Enrolment[];
  revoke: Revocation[];
}

/** The order as a file. `heads` are the chains of the authority's own keys, as the record has them. */
export function written(
  order: Order,
  authority: string,
  officer: number,
  heads: [DeviceChainHead, ...DeviceChainHead[]],
): string {
  const { operation, origin, at } = heads[0];
  const file = {
    amana: 'amana-order/v1',
    operation,
    origin,
    authority,
    officer,
    at,
    heads: heads.map(({ device, next, last }) => ({ device, next, last: last ?? null })),
    ...order,
  };
  return JSON.stringify(file, null, 2) + '\n';
}

/** The entries of a signed order, in the order they are to be handed in; null when it is none. */
export function entriesOf(text: string): Uint8Array<ArrayBuffer>[] | null {
  try {
    const file = JSON.parse(text) as { amana?: unknown; entries?: unknown };
    if (file.amana !== 'amana-signed/v1' || !Array.isArray(file.entries)) return null;
    const entries = file.entries as unknown[];
    if (entries.length === 0 || !entries.every((one) => typeof one === 'string')) return null;
    return entries.map((one) => Uint8Array.from(atob(one as string), (c) => c.charCodeAt(0)));
  } catch {
    return null;
  }
}
