/** Unit and model tests on plain Node. Tests inside VS Code have their own runner. */
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in the bundles: an import of types alone leaves nothing behind.
  esbuild: { tsconfigRaw: { compilerOptions: { target: 'ES2022', verbatimModuleSyntax: false } } },
  test: {
    include: ['test/unit/**/*.test.ts', 'test/model/**/*.test.ts', 'test/pages/**/*.test.ts'],
    // Native modules and child processes do not like worker threads.
    pool: 'forks',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // A test that asserts nothing by mistake must not count as passed.
    passWithNoTests: false,
    allowOnly: false,
  },
});
