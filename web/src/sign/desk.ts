/** Signing facts in the room with this browser's enrolled key, and sending them.
 *
 *  The browser is a device like any other: it remembers its own chain, and writes down what it signed
 *  before it sends it, so that what a lost connection kept back goes out again with the same bytes. */
import { api, Refused } from '../api/client';
import type { DeviceChainHead } from '../api/types';
import { chain, keptKey, remember, type Chain, type Said } from './device';
import { deviceOf, factId, sign, toHex, type Event } from './envelope';

/** How far the operation's clock may be off when this browser asks the server for it, in seconds. */
const clockError_s = 5;

/** Why this browser does not sign. */
export type Unable =
  /** It has no key, or nobody enrolled it. */
  | 'not-enrolled'
  /** It is enrolled by another authority, or for another role, than the officer's. */
  | 'other-officer'
  /** Its key was taken out of use, or its enrolment does not count. */
  | 'revoked'
  /** The record has more of its chain than it remembers: there are two of it, or it was restored. */
  | 'copied';

export interface Officer {
  authority: string;
  role: string;
  number: number;
}

export class CannotSign extends Error {
  constructor(readonly why: Unable) {
    super(why);
  }
}

interface Device {
  pair: CryptoKeyPair;
  /** What the server says of its chain. */
  told: DeviceChainHead;
}

/** Why this browser cannot sign for that officer; null when it can. */
export async function unable(officer: Officer | null): Promise<Unable | null> {
  try {
    await device(officer);
    return null;
  } catch (cause) {
    if (cause instanceof CannotSign) return cause.why;
    throw cause;
  }
}

/** Signs these events, in order, as that officer, and sends them. Only one tab does so at a time. */
export async function say(officer: Officer, events: Event[]): Promise<void> {
  await navigator.locks.request('amana-device', async () => {
    const { pair, told } = await device(officer);
    let kept = await sendUnsent(await chain());
    for (const event of events) {
      const at = Date.parse(told.at);
      const draft = {
        id: factId(at, crypto.getRandomValues(new Uint8Array(10))),
        operation: told.operation,
        authority: officer.authority,
        role: officer.role,
        officer: officer.number,
        sequence: kept.next,
        previous: kept.previous,
        occurredAt: at,
        clockError_s,
        event,
      };
      const entry = await sign(draft, pair, told.origin);
      const place = { next: kept.next, previous: kept.previous };
      const said: Said = { bytes: entry.bytes, kind: event.name, place };
      kept = { ...kept, next: kept.next + 1, previous: entry.hash, unsent: [...kept.unsent, said] };
      await remember(kept);
      kept = await sendUnsent(kept);
    }
  });
}

async function device(officer: Officer | null): Promise<Device> {
  const pair = await keptKey();
  if (!pair) throw new CannotSign('not-enrolled');
  const told = await api.deviceChain(toHex(await deviceOf(pair.publicKey)));
  if (told.may_sign.length === 0) throw new CannotSign('not-enrolled');
  const own = told.may_sign.filter(
    (one) => one.authority === officer?.authority && one.role === officer.role,
  );
  if (own.length === 0) throw new CannotSign('other-officer');
  if (!own.some((one) => one.counts)) throw new CannotSign('revoked');
  if (told.twice || isBehind(await chain(), told)) throw new CannotSign('copied');
  return { pair, told };
}

/** Whether the record knows more of the chain than this device: it must not sign a sequence again. */
function isBehind(kept: Chain, told: DeviceChainHead): boolean {
  if (told.next > kept.next) return true;
  const last = kept.previous && toHex(kept.previous);
  return told.next === kept.next && (told.last ?? null) !== last;
}

/** Sends what got no receipt, oldest first, and forgets each once it has one. */
async function sendUnsent(kept: Chain): Promise<Chain> {
  while (kept.unsent[0]) {
    try {
      await api.postFact(kept.unsent[0].bytes);
    } catch (cause) {
      // Remembered, so that the officer is told of it whenever the page is opened.
      const refused = cause instanceof Refused && isAboutTheFact(cause) ? cause.problem.code : null;
      await remember({ ...kept, refused });
      throw cause;
    }
    kept = { ...kept, unsent: kept.unsent.slice(1), refused: null };
    await remember(kept);
  }
  return kept;
}

/** Not of a line that was cut, nor of a server that cannot just now. */
function isAboutTheFact({ problem }: Refused): boolean {
  return problem.status >= 400 && problem.status < 500 && !elsewhere.includes(problem.code);
}
/** Said of the request and not of the fact in it. */
const elsewhere = ['sign-in-needed', 'not-allowed', 'cross-site', 'wrong-host', 'no-such-address'];

/** Refused by the fact's own bytes, which do not change: no enrolment and no other fact makes the
 *  record take them in later. So another fact may have their place in the chain. */
const forEver = ['bad-encoding', 'bad-signature', 'oversize', 'wrong-operation', 'not-entitled', 'already-open'];

export function canSetAside(code: string): boolean {
  return forEver.includes(code);
}

/** Sends again what got no receipt. */
export async function sendAgain(): Promise<void> {
  await navigator.locks.request('amana-device', async () => {
    await sendUnsent(await chain());
  });
}

/** Gives up the refused fact: its place in the chain is free again. What was signed after it names it, and
 *  was never sent; that is given up with it. All of it stays on this device. */
export async function setAside(): Promise<void> {
  await navigator.locks.request('amana-device', async () => {
    const kept = await chain();
    const { refused, unsent } = kept;
    if (!unsent[0] || refused === null || !canSetAside(refused)) return;
    const aside = [...kept.aside, ...unsent.map((said) => ({ ...said, code: refused }))];
    await remember({ ...unsent[0].place, unsent: [], refused: null, aside });
  });
}
