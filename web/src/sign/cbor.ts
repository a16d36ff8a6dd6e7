/** As much of CBOR (RFC 8949) as facts signed here need, in its deterministic form (section 4.2.1):
 *  shortest heads, definite lengths, map keys in ascending order. */

/** Something that a fact's bytes hold. A map's keys are small unsigned numbers. */
export type Value = number | bigint | string | Uint8Array | Value[] | Fields;
export class Fields {
  readonly entries: [key: number, value: Value][];
  /** What is undefined is left out. */
  constructor(entries: Record<number, Value | undefined>) {
    this.entries = Object.entries(entries)
      .map(([key, value]): [number, Value | undefined] => [Number(key), value])
      .filter((entry): entry is [number, Value] => entry[1] !== undefined)
      .sort(([a], [b]) => a - b);
  }
}

/** Major types, section 3.1. */
const major = { unsigned: 0, negative: 1, bytes: 2, text: 3, list: 4, map: 5, tag: 6 } as const;

export function encode(value: Value): Uint8Array {
  const out: Uint8Array[] = [];
  write(out, value);
  return joined(out);
}

/** A tagged value, as COSE_Sign1 is one. */
export function tagged(tag: number, value: Value): Uint8Array {
  return joined([head(major.tag, BigInt(tag)), encode(value)]);
}

function write(out: Uint8Array[], value: Value) {
  if (typeof value === 'number' || typeof value === 'bigint') {
    const n = BigInt(value);
    out.push(n >= 0n ? head(major.unsigned, n) : head(major.negative, -1n - n));
  } else if (typeof value === 'string') {
    const text = new TextEncoder().encode(value);
    out.push(head(major.text, BigInt(text.length)), text);
  } else if (value instanceof Uint8Array) {
    out.push(head(major.bytes, BigInt(value.length)), value);
  } else if (Array.isArray(value)) {
    out.push(head(major.list, BigInt(value.length)));
    for (const one of value) write(out, one);
  } else {
    out.push(head(major.map, BigInt(value.entries.length)));
    for (const [key, one] of value.entries) {
      write(out, key);
      write(out, one);
    }
  }
}

function head(type: number, n: bigint): Uint8Array {
  const top = type << 5;
  if (n < 24n) return Uint8Array.of(top | Number(n));
  const size = n < 0x100n ? 1 : n < 0x1_0000n ? 2 : n < 0x1_0000_0000n ? 4 : 8;
  const bytes = new Uint8Array(1 + size);
  bytes[0] = top | (24 + Math.log2(size));
  for (let i = 0; i < size; i++) bytes[size - i] = Number((n >> BigInt(8 * i)) & 0xffn);
  return bytes;
}

export function joined(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
