/** What the browser signs is byte for byte what the record's own golden entries are. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { encode, Fields } from '../src/sign/cbor';
import { deviceOf, factId, fromHex, sign, toHex, type Event } from '../src/sign/envelope';
import { discrepancyResolved, forkResolved } from '../src/sign/events';

const golden = new URL('../../crates/log/tests/golden/', import.meta.url);
const read = (name: string) => readFileSync(new URL(`${name}.hex`, golden), 'utf8').replace(/\s/g, '');
const filled = (byte: number, length = 32) => new Uint8Array(length).fill(byte);

/** The key of the golden entries: the Ed25519 seed of 32 bytes 11. */
async function goldenPair(): Promise<CryptoKeyPair> {
  const pkcs8 = fromHex(`302e020100300506032b657004220420${toHex(filled(0x11))}`);
  const privateKey = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  const { x, kty, crv } = await crypto.subtle.exportKey('jwk', privateKey);
  const publicKey = await crypto.subtle.importKey('jwk', { x, kty, crv }, 'Ed25519', true, ['verify']);
  return { privateKey, publicKey };
}

const draft = (event: Event) => ({
  id: factId(1_769_018_400_000, filled(0xab, 10)),
  operation: 'hasakah-2026',
  authority: 'custody',
  role: 'registrar',
  officer: 12,
  sequence: 300,
  previous: filled(0xee),
  occurredAt: Date.parse('2026-01-21T18:00:00.123Z'),
  clockError_s: 2,
  event,
});

describe.runIf(existsSync(golden))('an entry signed here', () => {
  const hash = (n: number) => toHex(filled(n));
  it.each([
    ['fork-resolved', forkResolved('A-004711-8', hash(17), hash(18), 'double-report')],
    ['fork-resolved-registration', forkResolved('A-004711-8', null, hash(18), 'clerk-error')],
    ['discrepancy-resolved', discrepancyResolved('handover-short', hash(19), 'found-at-origin')],
  ])('is the golden %s', async (name, event) => {
    const entry = await sign(draft(event), await goldenPair(), 'amana.test/golden');
    expect(toHex(entry.bytes)).toBe(read(name));
    expect(entry.hash).toEqual(
      new Uint8Array(await crypto.subtle.digest('SHA-256', fromHex(read(name)))),
    );
  });
  it('is for one log only', async () => {
    const event = discrepancyResolved('handover-short', hash(19), 'found-at-origin');
    const entry = await sign(draft(event), await goldenPair(), 'amana.test/other');
    expect(toHex(entry.bytes)).not.toBe(read('discrepancy-resolved'));
  });
  it('names its device', async () => {
    const { publicKey } = await goldenPair();
    expect(read('discrepancy-resolved')).toContain(toHex(await deviceOf(publicKey)));
  });
});

describe('canonical CBOR', () => {
  // RFC 8949 appendix A.
  it.each<[bigint | number | string | Uint8Array | number[], string]>([
    [0, '00'],
    [23, '17'],
    [24, '1818'],
    [255, '18ff'],
    [256, '190100'],
    [1_000_000, '1a000f4240'],
    [1_000_000_000_000, '1b000000e8d4a51000'],
    [18446744073709551615n, '1bffffffffffffffff'],
    [-1, '20'],
    [-10, '29'],
    [-1000, '3903e7'],
    ['ü', '62c3bc'],
    [fromHex('01020304'), '4401020304'],
    [[1, 2, 3], '83010203'],
  ])('writes %s', (value, hex) => expect(toHex(encode(value))).toBe(hex));
  it('orders a map by key and leaves out what is absent', () => {
    expect(toHex(encode(new Fields({ 3: 4, 1: 2, 2: undefined })))).toBe('a201020304');
  });
});

it('makes the id of the RFC', () => {
  // RFC 9562 appendix A.6.
  const id = factId(0x017f22e279b0, fromHex('0cc318c4dc0c0c07398f'));
  expect(toHex(id)).toBe('017f22e279b07cc398c4dc0c0c07398f');
});
