/** Sentences of the server, whose values are told in names. */
import { beforeAll, expect, it, vi } from 'vitest';
import type { Remark } from '../src/api/types';
import { setLocale } from '../src/lib/paraglide/runtime.js';
import { remarkText } from '../src/text/detail';

/** Without the compiler's runes a state is its value. */
vi.hoisted(() => {
  const state = <T>(value: T) => value;
  vi.stubGlobal('$state', Object.assign(state, { raw: state }));
});
beforeAll(() => void setLocale('en', { reload: false }));

const remark = (id: string, stated: string, computed: string) =>
  remarkText({ text: '', said: { id, values: { stated, computed } } } as unknown as Remark).replace(/[\u2068\u2069]/g, '');

it('names the parts that differ, and only those', () => {
  expect(remark('parts', 'IQ 3, SY 10, not-present 2', 'IQ 4, SY 10, TN 1200, not-present 2')).toBe(
    'parts: stated Iraq 3 · Tunisia 0, computed Iraq 4 · Tunisia 1,200',
  );
});

it('tells an instant by the clock and a hash by its first digits', () => {
  expect(remark('recorded-until', '2026-01-22T07:30:00Z', '2026-01-22T07:31:00Z')).toBe(
    'recorded until: stated 22 Jan 2026 07:30, computed 22 Jan 2026 07:31',
  );
  expect(remark('root', 'a'.repeat(64), 'b'.repeat(64))).toBe('root: stated aaaaaaaaaaaa, computed bbbbbbbbbbbb');
});
