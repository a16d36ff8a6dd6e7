/** This browser as a device of the record: its Ed25519 key, which the browser's key store does not give
 *  out, and its own memory of what it has signed. */

const database = 'amana-device';
const shelf = 'keys';
const name = 'device';
const chainName = 'chain';

/** What the device remembers of its chain. What was signed and got no receipt yet is sent again. */
export interface Chain {
  /** Sequence of the next fact. */
  next: number;
  /** Hash of the last one; null before the first. */
  previous: Uint8Array | null;
  unsent: Uint8Array<ArrayBuffer>[];
}

/** The key of this device, if it has made one. */
export async function keptKey(): Promise<CryptoKeyPair | null> {
  return (await onShelf<CryptoKeyPair | undefined>('readonly', (keys) => keys.get(name))) ?? null;
}

/** What this device has signed; nothing, for a device that has not. */
export async function chain(): Promise<Chain> {
  const kept = await onShelf<Chain | undefined>('readonly', (keys) => keys.get(chainName));
  return kept ?? { next: 0, previous: null, unsent: [] };
}

/** Kept for good before this is done. */
export async function remember(chain: Chain): Promise<void> {
  await onShelf('readwrite', (keys) => keys.put(chain, chainName));
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
