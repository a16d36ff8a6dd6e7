/** Passkeys: the browser's own JSON forms of Web Authentication level 3. */

/** Whether this browser can make and use passkeys here. */
export function canPasskey(): boolean {
  return (
    typeof PublicKeyCredential !== 'undefined' &&
    typeof PublicKeyCredential.parseRequestOptionsFromJSON === 'function'
  );
}

interface Options<T> {
  publicKey?: T;
}

/** Signs the server's challenge with a passkey of this site; `null` when the officer thinks better of it. */
export async function signWithPasskey(options: unknown): Promise<object | null> {
  const json = inner<PublicKeyCredentialRequestOptionsJSON>(options);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
  return answered(() => navigator.credentials.get({ publicKey }));
}

/** Makes a passkey for this site; `null` when the officer thinks better of it. */
export async function makePasskey(options: unknown): Promise<object | null> {
  const json = inner<PublicKeyCredentialCreationOptionsJSON>(options);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
  return answered(() => navigator.credentials.create({ publicKey }));
}

function inner<T>(options: unknown): T {
  const wrapped = options as Options<T>;
  return wrapped.publicKey ?? (options as T);
}

async function answered(ask: () => Promise<Credential | null>): Promise<object | null> {
  try {
    const credential = await ask();
    return credential === null ? null : (credential as PublicKeyCredential).toJSON();
  } catch (cause) {
    // Refused, timed out, or closed: the browser does not say which, on purpose.
    if (cause instanceof DOMException && cause.name === 'NotAllowedError') return null;
    throw cause;
  }
}
