/** Inclusion in the record's Merkle tree, checked in the browser (RFC 9162 section 2.1.3.2). */

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(...parts: Bytes[]): Promise<Bytes> {
  const all = new Uint8Array(parts.reduce((sum, p) => sum + p.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', all));
}

export function bytesOf(base64: string): Bytes {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
export function hex(bytes: Bytes): string {
  return [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
}
function unhex(text: string): Bytes {
  return Uint8Array.from(text.match(/../g) ?? [], (two) => Number.parseInt(two, 16));
}

/** Hash of a leaf: SHA-256 of a zero byte and the entry. */
export function leafHash(entry: Bytes): Promise<Bytes> {
  return sha256(new Uint8Array([0]), entry);
}

/** The root that the proof leads to; `null` when the proof is too long or too short for the tree.
 * Rejects where the browser has no WebCrypto, as on plain HTTP from another machine. */
export async function rootOf(
  leaf: Bytes,
  index: number,
  size: number,
  proof: string[],
): Promise<string | null> {
  if (index >= size) return null;
  let [node, last, hash] = [index, size - 1, leaf];
  for (const text of proof) {
    if (last === 0) return null;
    const other = unhex(text);
    if (node % 2 === 1 || node === last) {
      hash = await sha256(new Uint8Array([1]), other, hash);
      while (node !== 0 && node % 2 === 0) [node, last] = [node / 2, Math.floor(last / 2)];
    } else {
      hash = await sha256(new Uint8Array([1]), hash, other);
    }
    [node, last] = [Math.floor(node / 2), Math.floor(last / 2)];
  }
  return last === 0 ? hex(hash) : null;
}
