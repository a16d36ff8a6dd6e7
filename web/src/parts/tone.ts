import type { MovementStatus } from '../api/types';

/** How a movement's status looks; the words come from the catalogue. */
export function statusTone(
  status: MovementStatus,
): 'plain' | 'quiet' | 'moving' | 'good' | 'bad' | 'warn' {
  switch (status) {
    case 'boarding':
    case 'under-way':
      return 'moving';
    case 'arrived':
    case 'manifest-frozen':
      return 'plain';
    case 'handed-over':
      return 'good';
    case 'cancelled':
      return 'bad';
    default:
      return 'quiet';
  }
}

export function custodyTone(state: string, contested: boolean) {
  if (contested) return 'contested' as const;
  if (state === 'offered') return 'moving' as const;
  if (state === 'ended') return 'quiet' as const;
  return 'plain' as const;
}

export function gateTone(state: string) {
  if (state === 'passed') return 'good' as const;
  if (state === 'failed') return 'bad' as const;
  if (state === 'overridden') return 'warn' as const;
  return 'quiet' as const;
}
