/** The server's answers, by name. The only place that knows a path of `/api/v1`. */
import createClient from 'openapi-fetch';
import type { paths } from './schema';
import type {
  Credentials,
  LookAsked,
  NewPassword,
  NewRequest,
  NewTicket,
  PersonaChosen,
  PlayChange,
  Problem,
  SectionWritten,
  WhatIfAsked,
} from './types';

/** An answer that was not what was asked for: the server's own problem, or ours in its shape. */
export class Refused extends Error {
  constructor(readonly problem: Problem) {
    super(`${problem.code}: ${problem.detail}`);
  }
}

let signInNeeded: () => void = () => {};
/** What to do when the server wants somebody signed in. */
export function onSignInNeeded(then: () => void) {
  signInNeeded = then;
}

const client = createClient<paths>({ baseUrl: '' });

const unreachable: Problem = { code: 'web.unreachable', title: '', status: 0, detail: '', next: '' };
/** What stands between us and the server answers so when the server does not answer it. */
const gateway = [502, 503, 504];

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

async function want<T>(asked: Promise<Result<T>>): Promise<T> {
  let result: Result<T>;
  try {
    result = await asked;
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw new Refused(unreachable);
  }
  const { data, error, response } = result;
  if (response.ok && data !== undefined) return data;
  const said = typeof error === 'object' && error !== null ? (error as Partial<Problem>) : {};
  const { status, statusText } = response;
  if (!said.code && gateway.includes(status)) throw new Refused(unreachable);
  const plain = { code: `http.${status}`, title: statusText, status, detail: statusText, next: '' };
  if (said.code === 'sign-in-needed') signInNeeded();
  throw new Refused({ ...plain, ...said });
}

/** For answers without a body. */
async function wantNothing(asked: Promise<Result<unknown>>): Promise<void> {
  await want(asked.then((result) => ({ ...result, data: result.data ?? null })));
}

/** What narrows the list of people; what is absent narrows nothing. */
export type PeopleQuery = NonNullable<paths['/api/v1/people']['get']['parameters']['query']>;

/** What narrows those who are late or not placed. */
export type LateQuery = NonNullable<paths['/api/v1/plan/late']['get']['parameters']['query']>;

/** What narrows the list of looks. */
type LooksQuery = NonNullable<paths['/api/v1/looks']['get']['parameters']['query']>;

/** What narrows the list of duties. */
type ObligationsQuery = NonNullable<
  paths['/api/v1/obligations']['get']['parameters']['query']
>;

type Signal = AbortSignal | undefined;
const init = (signal: Signal) => (signal ? { signal } : {});

/** The document does not say what is in a map; the format does. */
const geojson = (asked: Promise<unknown>) => asked as Promise<GeoJSON.FeatureCollection>;

export const api = {
  operation: (s?: Signal) => want(client.GET('/api/v1/operation', init(s))),
  picture: (s?: Signal) => want(client.GET('/api/v1/picture', init(s))),
  nights: (s?: Signal) => want(client.GET('/api/v1/nights', init(s))),
  movement: (night: string, number: string, s?: Signal) =>
    want(
      client.GET('/api/v1/movements/{night}/{number}', {
        params: { path: { night, number } },
        ...init(s),
      }),
    ),
  people: (query: PeopleQuery, s?: Signal) =>
    want(client.GET('/api/v1/people', { params: { query }, ...init(s) })),
  person: (id: string, s?: Signal) =>
    want(client.GET('/api/v1/people/{id}', { params: { path: { id } }, ...init(s) })),
  /** What could be opened about a person; opens nothing. */
  openable: (id: string) =>
    want(client.GET('/api/v1/people/{id}/particulars', { params: { path: { id } } })),
  look: (id: string, body: LookAsked) =>
    want(client.POST('/api/v1/people/{id}/particulars', { params: { path: { id } }, body })),
  /** Keeps a section as its newest version. */
  write: (id: string, section: string, body: SectionWritten) =>
    want(
      client.PUT('/api/v1/people/{id}/particulars/{section}', {
        params: { path: { id, section } },
        body: body as never,
      }),
    ),
  looksAt: (id: string, s?: Signal) =>
    want(client.GET('/api/v1/people/{id}/looks', { params: { path: { id } }, ...init(s) })),
  looks: (query: LooksQuery, s?: Signal) =>
    want(client.GET('/api/v1/looks', { params: { query }, ...init(s) })),
  policies: (s?: Signal) => want(client.GET('/api/v1/policies', init(s))),
  /** Signed bytes as they are; sent twice, they are taken in once. */
  postFact: (entry: Uint8Array<ArrayBuffer>) =>
    want(
      client.POST('/api/v1/facts', {
        body: entry as unknown as string,
        bodySerializer: () => entry,
        headers: { 'content-type': 'application/cose' },
      } as never),
    ),
  fact: (hash: string, s?: Signal) =>
    want(client.GET('/api/v1/facts/{hash}', { params: { path: { hash } }, ...init(s) })),
  site: (id: string, s?: Signal) =>
    want(client.GET('/api/v1/sites/{id}', { params: { path: { id } }, ...init(s) })),
  discrepancies: (s?: Signal) => want(client.GET('/api/v1/discrepancies', init(s))),
  discrepancy: (id: string, s?: Signal) =>
    want(client.GET('/api/v1/discrepancies/{id}', { params: { path: { id } }, ...init(s) })),
  figures: (at: number | null, s?: Signal) =>
    want(
      client.GET('/api/v1/figures', { params: { query: at === null ? {} : { at } }, ...init(s) }),
    ),
  obligations: (query: ObligationsQuery, s?: Signal) =>
    want(client.GET('/api/v1/obligations', { params: { query }, ...init(s) })),
  statements: (s?: Signal) => want(client.GET('/api/v1/statements', init(s))),
  statement: (hash: string, s?: Signal) =>
    want(client.GET('/api/v1/statements/{hash}', { params: { path: { hash } }, ...init(s) })),
  comparison: (hash: string, other: string, part: string | null, s?: Signal) =>
    want(
      client.GET('/api/v1/statements/{hash}/against/{other}', {
        params: { path: { hash, other }, query: part === null ? {} : { part } },
        ...init(s),
      }),
    ),
  plan: (s?: Signal) => want(client.GET('/api/v1/plan', init(s))),
  changes: (plan: string, s?: Signal) =>
    want(client.GET('/api/v1/plan/{plan}/changes', { params: { path: { plan } }, ...init(s) })),
  late: (query: LateQuery, s?: Signal) =>
    want(client.GET('/api/v1/plan/late', { params: { query }, ...init(s) })),
  resources: (s?: Signal) => want(client.GET('/api/v1/plan/resources', init(s))),
  whatif: (body: WhatIfAsked, s?: Signal) =>
    want(client.POST('/api/v1/plan/whatif', { body, ...init(s) })),
  play: () => want(client.GET('/api/v1/play')),
  drive: (body: PlayChange) => want(client.POST('/api/v1/play', { body })),
  session: () => want(client.GET('/api/v1/session')),
  signIn: (body: Credentials) => want(client.POST('/api/v1/session', { body })),
  lookAs: (body: PersonaChosen) => want(client.PUT('/api/v1/session/persona', { body })),
  signOut: () => wantNothing(client.DELETE('/api/v1/session')),
  changePassword: (body: NewPassword) => want(client.PUT('/api/v1/session/password', { body })),
  passkeyOptions: () => want(client.POST('/api/v1/session/passkey/options')),
  signInByPasskey: (body: object) => want(client.POST('/api/v1/session/passkey', { body })),
  newPasskeyOptions: () => want(client.POST('/api/v1/session/passkeys/options')),
  addPasskey: (body: object) => wantNothing(client.POST('/api/v1/session/passkeys', { body })),
  devices: (s?: Signal) => want(client.GET('/api/v1/devices', init(s))),
  deviceChain: (id: string) =>
    want(client.GET('/api/v1/devices/{id}/chain', { params: { path: { id } } })),
  drawTicket: (body: NewTicket) => want(client.POST('/api/v1/devices/tickets', { body })),
  drawOrder: (order: string) => want(client.POST('/api/v1/devices/orders/picture', { body: { order } })),
  deviceRequests: (s?: Signal) => want(client.GET('/api/v1/devices/requests', init(s))),
  askEnrolment: (body: NewRequest) => want(client.POST('/api/v1/devices/requests', { body })),
  turnAway: (key: string) =>
    wantNothing(client.DELETE('/api/v1/devices/requests/{key}', { params: { path: { key } } })),
  provinces: () => geojson(want(client.GET('/api/v1/map/provinces'))),
  towns: () => geojson(want(client.GET('/api/v1/map/towns'))),
  feed: () => new EventSource('/api/v1/feed'),
};
