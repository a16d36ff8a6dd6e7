/** The client's types are those of the OpenAPI document that the server holds itself to. */
import { existsSync, readFileSync } from 'node:fs';
import openapiTS, { astToString, COMMENT_HEADER } from 'openapi-typescript';
import { expect, it } from 'vitest';

const document = new URL('../../docs/api/openapi.json', import.meta.url);

it.runIf(existsSync(document))('schema.d.ts is current (npm run api)', async () => {
  const generated = COMMENT_HEADER + astToString(await openapiTS(document));
  const kept = readFileSync(new URL('../src/api/schema.d.ts', import.meta.url), 'utf8');
  expect(kept).toBe(generated);
  // Reading the document takes long on a busy machine.
}, 60_000);
