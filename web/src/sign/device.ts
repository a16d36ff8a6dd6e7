/** This browser as a device of the record: its Ed25519 key, which the browser's key store does not give
 *  out, and its own memory of what it has signed. */

const database = 'amana-device';
const shelf = 'keys';
const name = 'device';
const chainName = 'chain';

/** A place in the chain: the next fact's sequence, and the hash it names; null before the first. */
export interface Place {
  next: number;
  previous: Uint8Array | null;
}

/** A fact that was signed here. */
export interface Said {
  bytes: Uint8Array<ArrayBuffer>;
  /** Its kind, by name. */
  kind: string;
  /** Where it was put in the chain. */
  place: Place;
}

/** A fact that the record refused, and that will never be a part of the chain. */
interface Aside extends Said {
  code: string;
}

/** What the device remembers of its chain. What was signed and got no receipt yet is sent again. */
export interface Chain extends Place {
  /** Oldest first. */
  unsent: Said[];
  /** The code with which the oldest of these was refused; null while it only has not arrived. */
  refused: string | null;
  /** Set aside by the officer, oldest first. */
  aside: Aside[];
}

/** The key of this device, if it has made one. */
export async function keptKey(): Promise<CryptoKeyPair | null> {
  return (await onShelf<CryptoKeyPair | undefined>('readonly', (keys) => keys.get(name))) ?? null;
}

/** What this device has signed; nothing, for a device that has not. */
export async function chain(): Promise<Chain> {
  const kept = await onShelf<Chain | undefined>('readonly', (keys) => keys.get(chainName));
  return kept ?? { next: 0, previous: null, unsent: [], refused: null, aside: [] };
}

/** Kept for good before this is done. */
export async function remember(chain: Chain): Promise<void> {
  await onShelf('readwrite', (keys) => keys.put(chain, chainName));
}

/** The key that was taken out of use, or copied, is put away with its chain, for whoever must account for
 *  it; the next key begins a chain of its own. */
export async function retireKey(): Promise<void> {
  const [pair, kept] = [await keptKey(), await chain()];
  if (!pair) return;
  const key = await crypto.subtle.exportKey('raw', pair.publicKey);
  await onShelf('readwrite', (keys) => {
    keys.put({ pair, chain: kept }, `retired ${base64(key)}`);
    keys.delete(chainName);
    return keys.delete(name);
  });
}

/** The key of this device; made the first time. */
export async function deviceKey(): Promise<CryptoKeyPair> {
  const kept = await keptKey();
  if (kept) return kept;
  const made = (await crypto.subtle.generateKey({ name: 'Ed25519' }, false, [
    'sign',
    'verify',
  ])) as CryptoKeyPair;
  await onShelf('readwrite', (keys) => keys.put(made, name));
  // The browser may throw out what it was not asked to keep; whether it agrees is its own business.
  await navigator.storage?.persist?.();
  return made;
}

/** A request to be enrolled: the ticket, the public key, and proof that its secret is here. */
export async function proofOf(pair: CryptoKeyPair, ticket: string) {
  const message = new TextEncoder().encode(`amana/enrolment/v1\n${ticket}`);
  const signature = await crypto.subtle.sign({ name: 'Ed25519' }, pair.privateKey, message);
  const key = await crypto.subtle.exportKey('raw', pair.publicKey);
  return { ticket, key: base64(key), signature: base64(signature) };
}

export function base64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}

function onShelf<T>(
  mode: IDBTransactionMode,
  ask: (keys: IDBObjectStore) => IDBRequest,
): Promise<T> {
  return new Promise((done, failed) => {
    const opening = indexedDB.open(database, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(shelf);
    opening.onerror = () => failed(opening.error);
    opening.onsuccess = () => {
      const transaction = opening.result.transaction(shelf, mode);
      const asked = ask(transaction.objectStore(shelf));
      transaction.oncomplete = () => {
        opening.result.close();
        done(asked.result as T);
      };
      transaction.onabort = () => failed(transaction.error);
    };
  });
}
