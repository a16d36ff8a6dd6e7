/** The digits that two people compare, so that the key which is enrolled is the key that was made. */
import { joined } from './cbor';

const digits = 20;

/** Twenty digits in groups of four, as `signin::comparison_code` makes them. */
export async function comparisonCode(key: Uint8Array): Promise<string> {
  const covered = joined([new TextEncoder().encode('amana/comparison/v1\n'), key]);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', covered));
  const number = hash.slice(0, 16).reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
  const text = (number % 10n ** BigInt(digits)).toString().padStart(digits, '0');
  return text.match(/.{4}/g)!.join(' ');
}

/** Whether somebody typed that code, in whatever groups and in either script's numerals. */
export function sameCode(typed: string, code: string): boolean {
  return western(typed) === western(code) && western(code).length === digits;
}

/** Where Western, Arabic and Persian or Kurdish digits begin. */
const zeros = [0x30, 0x660, 0x6f0];

function western(text: string): string {
  const digit = (char: string) => {
    const point = char.codePointAt(0)!;
    const zero = zeros.find((one) => point >= one && point <= one + 9);
    return zero === undefined ? '' : String(point - zero);
  };
  return Array.from(text, digit).join('');
}
