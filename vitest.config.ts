import vue from '@vitejs/plugin-vue';
import { defineConfig } from 'vitest/config';

const seconds = 1000;

/**
 * Four suites that `npm test` runs one after the other, and one (`long`) for `npm run test:long`. Two workers at most:
 * the machines that run this have few cores, and browsers and media workers need theirs.
 */
export default defineConfig({
  test: {
    projects: [
      {
        plugins: [vue()],
        test: {
          name: 'unit',
          include: ['packages/*/src/**/*.test.ts', 'scripts/**/*.test.ts'],
          testTimeout: 10 * seconds,
          maxWorkers: 2,
        },
      },
      {
        // Proves the media worker itself, built here or downloaded.
        test: {
          name: 'worker',
          include: ['infra/**/*.test.ts'],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          fileParallelism: false,
        },
      },
      {
        // The server over real sockets, with real media workers, without browsers.
        test: {
          name: 'server',
          include: ['test/server/**/*.test.ts'],
          testTimeout: 60 * seconds,
          hookTimeout: 60 * seconds,
          fileParallelism: false,
        },
      },
      {
        // Real browsers. One file at a time: they measure what arrives, and when.
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 180 * seconds,
          hookTimeout: 120 * seconds,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'long',
          include: ['test/long/**/*.test.ts'],
          testTimeout: 3600 * seconds,
          hookTimeout: 120 * seconds,
          fileParallelism: false,
        },
      },
    ],
  },
});
