/** The digits that two people compare, and the files that are carried between page and key. */
import { expect, it } from 'vitest';
import { comparisonCode, sameCode } from '../src/sign/compare';
import { entriesOf, written } from '../src/sign/order';

it('makes the digits that the command line makes', async () => {
  // The same key and digits are in crates/signin/src/comparison.rs.
  const code = await comparisonCode(new Uint8Array(32).fill(7));
  expect(code).toBe('4380 6337 3704 1783 3854');
  expect(sameCode('٤٣٨٠٦٣٣٧٣٧٠٤١٧٨٣٣٨٥٤', code)).toBe(true);
  expect(sameCode('۴۳۸۰-۶۳۳۷-۳۷۰۴-۱۷۸۳-۳۸۵۴', code)).toBe(true);
  expect(sameCode(code.slice(1), code)).toBe(false);
  expect(sameCode('', '')).toBe(false);
});

it('writes where the chain stands and what is asked, and nothing else', () => {
  const head = { device: 'd', operation: 'o', origin: 'x', at: 't', next: 0, twice: false, may_sign: [] };
  const revoke = [{ device: 'e', last: null, why: 'lost' }];
  expect(JSON.parse(written({ enrol: [], revoke }, 'justice', 7, [head]))).toEqual({
    amana: 'amana-order/v1',
    operation: 'o',
    origin: 'x',
    authority: 'justice',
    officer: 7,
    at: 't',
    heads: [{ device: 'd', next: 0, last: null }],
    enrol: [],
    revoke,
  });
});

it('takes a signed order alone', () => {
  const signed = JSON.stringify({ amana: 'amana-signed/v1', entries: ['AQI=', 'Aw=='] });
  expect(entriesOf(signed)?.map((one) => [...one])).toEqual([[1, 2], [3]]);
  for (const other of ['', '[]', '{}', '{"amana":"amana-signed/v1","entries":[]}', signed.replace('AQI=', '*')])
    expect([other, entriesOf(other)]).toEqual([other, null]);
});
