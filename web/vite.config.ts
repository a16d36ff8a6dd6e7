import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the server. */
const server = process.env['AMANA_URL'] ?? 'http://127.0.0.1:8080';

const messages = paraglideVitePlugin({
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['globalVariable', 'baseLocale'],
  emitTsDeclarations: true,
});

/** Writes `shell.js`, with the names of all that was built and of what lies in `public`. */
const shell: Plugin = {
  name: 'shell',
  generateBundle(_, bundle) {
    const source = readFileSync(new URL('src/shell.js', import.meta.url), 'utf8');
    const built = Object.keys(bundle).filter((name) => name !== 'index.html');
    const files = [...built, ...readdirSync(new URL('public', import.meta.url))].map((name) => `/${name}`);
    const list = JSON.stringify(files.sort());
    this.emitFile({ type: 'asset', fileName: 'shell.js', source: source.replace(/(?<== )FILES/, list) });
  },
};

/** Beside each file that packs well, the same packed once: the server need not pack it for each who asks. */
const packed: Plugin = {
  name: 'packed',
  writeBundle({ dir }, bundle) {
    for (const name of Object.keys(bundle).filter((name) => /\.(m?js|css)$/.test(name)))
      writeFileSync(`${dir}/${name}.gz`, gzipSync(readFileSync(`${dir}/${name}`), { level: 9 }));
  },
};

export default defineConfig({
  // The tests are of plain modules, and of messages that `npm run messages` has compiled.
  plugins: process.env['VITEST'] ? [] : [messages, svelte(), shell, packed],
  server: { proxy: { '/api': server, '/checkpoint': server } },
  build: { target: 'es2022', chunkSizeWarningLimit: 1300 },
  // Time enough on a machine that compiles meanwhile.
  test: { testTimeout: 30_000, include: ['test/**/*.test.ts'], environment: 'node' },
});
