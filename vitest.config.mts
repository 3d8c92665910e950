import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/{unit,parity,process,packages}/**/*.test.{ts,tsx}'],
    // ONNX Runtime's telemetry off, as in every program of ours that loads it.
    env: { ORT_DISABLE_TELEMETRY: '1' },
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Real models on few cores: one file after another keeps timings and memory in hand.
    maxWorkers: 2,
    pool: 'forks',
  },
});
