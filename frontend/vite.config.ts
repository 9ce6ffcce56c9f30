import { defineConfig } from 'vitest/config';

// Everything goes to static/build with hashed names and a manifest, which the server reads to link the files.
// Nothing is inlined: the pages' content security policy allows files of our own only.
export default defineConfig({
  base: '/static/build/',
  publicDir: false,
  build: {
    outDir: '../static/build',
    emptyOutDir: true,
    manifest: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: { input: 'src/main.ts' },
  },
  worker: { format: 'es' },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
});
