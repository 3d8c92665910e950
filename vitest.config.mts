import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,parity,process}/**/*.test.{ts,tsx}'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real models on few cores: one file after another keeps timings and memory in hand.
    maxWorkers: 2,
    pool: 'forks',
  },
});
