/** The envelope of a fact, version 1, as docs/formats/envelope-v1.md has it, signed with the browser's key. */
import { encode, Fields, joined, tagged, type Value } from './cbor';

/** What a device says, before it is signed. */
export interface Draft {
  /** UUIDv7, 16 bytes. */
  id: Uint8Array;
  operation: string;
  authority: string;
  role: string;
  officer: number;
  /** Place in the device's chain, from 0. */
  sequence: number;
  /** The entry before this one; null at sequence 0 and only there. */
  previous: Uint8Array | null;
  /** Milliseconds since 1970: the field's word for when it happened. */
  occurredAt: number;
  /** How far this clock may be off, in seconds. */
  clockError_s: number;
  event: Event;
}

/** A kind of fact by its number and name in the format, with its body. */
export interface Event {
  kind: number;
  name: string;
  body: Fields;
}

interface Entry {
  bytes: Uint8Array<ArrayBuffer>;
  /** SHA-256 of the bytes: the fact's name. */
  hash: Uint8Array;
}

const ed25519 = -19;
const contentType = 'application/amana-fact+cbor;v=1';

/** Signs for the log of that origin; the fact cannot be replayed into another. */
export async function sign(draft: Draft, pair: CryptoKeyPair, origin: string): Promise<Entry> {
  const protectedHeader = encode(protectedFields(await deviceOf(pair.publicKey)));
  const payload = encode(payloadOf(draft));
  const external = new TextEncoder().encode(`amana/fact/v1${origin}`);
  const covered = encode(['Signature1', protectedHeader, external, payload]);
  const signed = await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, copy(covered));
  const sealed = tagged(18, [protectedHeader, new Fields({}), payload, new Uint8Array(signed)]);
  const bytes = copy(sealed);
  return { bytes, hash: new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)) };
}

/** A device's name: SHA-256 of its public key. */
export async function deviceOf(key: CryptoKey): Promise<Uint8Array> {
  const raw = await crypto.subtle.exportKey('raw', key);
  return new Uint8Array(await crypto.subtle.digest('SHA-256', raw));
}

/** COSE headers: 1 the algorithm, 3 the content type, 4 the key. */
function protectedFields(device: Uint8Array): Fields {
  return new Fields({ 1: ed25519, 3: contentType, 4: device });
}

function payloadOf(draft: Draft): Value {
  return new Fields({
    1: 1,
    2: draft.id,
    3: draft.operation,
    4: draft.authority,
    5: draft.role,
    6: draft.officer,
    7: draft.sequence,
    8: draft.previous ?? undefined,
    9: draft.occurredAt,
    10: draft.clockError_s,
    11: draft.event.kind,
    12: draft.event.body,
  });
}

/** A UUIDv7 (RFC 9562 section 5.7) of an instant and ten random bytes. */
export function factId(unix_ms: number, random: Uint8Array): Uint8Array {
  const time = new Uint8Array(6);
  let left = unix_ms;
  for (let i = 5; i >= 0; i--) {
    time[i] = left % 256;
    left = Math.floor(left / 256);
  }
  const id = joined([time, random.slice(0, 10)]);
  id[6] = (id[6]! & 0x0f) | 0x70;
  id[8] = (id[8]! & 0x3f) | 0x80;
  return id;
}

function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

export function fromHex(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}

export function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
