import { defineConfig } from 'vitest/config';

/** In a real browser against a running server: AMANA_URL, by default http://127.0.0.1:8080. */
export default defineConfig({
  test: {
    root: import.meta.dirname,
    include: ['*.e2e.ts'],
    fileParallelism: false,
    sequence: { concurrent: false },
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
});
