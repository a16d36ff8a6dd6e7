/** The phone's own key: Ed25519 in the browser's key store, which does not give the secret out. */

const database = 'amana-device';
const shelf = 'keys';
const name = 'device';

/** The key of this phone; made the first time. */
export async function deviceKey(): Promise<CryptoKeyPair> {
  const kept = await onShelf<CryptoKeyPair | undefined>('readonly', (keys) => keys.get(name));
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
