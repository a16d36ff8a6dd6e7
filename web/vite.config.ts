import { paraglideVitePlugin } from '@inlang/paraglide-js';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

/** Where `npm run dev` finds the server. */
const server = process.env['AMANA_URL'] ?? 'http://127.0.0.1:8080';

const messages = paraglideVitePlugin({
  project: './project.inlang',
  outdir: './src/lib/paraglide',
  strategy: ['globalVariable', 'baseLocale'],
  emitTsDeclarations: true,
});

export default defineConfig({
  // The tests are of plain modules, and of messages that `npm run messages` has compiled.
  plugins: process.env['VITEST'] ? [] : [messages, svelte()],
  server: { proxy: { '/api': server, '/checkpoint': server } },
  build: { target: 'es2022', chunkSizeWarningLimit: 1300 },
  // Time enough on a machine that compiles meanwhile.
  test: { testTimeout: 30_000, include: ['test/**/*.test.ts'], environment: 'node' },
});
