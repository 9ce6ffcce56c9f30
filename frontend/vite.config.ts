import { readFileSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import type { Plugin } from 'vite';

/** Leaflet, unchanged and under a fixed name: the server puts it inside the reports that planners mail around. */
function leafletForReports(): Plugin {
  return {
    name: 'leaflet-for-reports',
    apply: 'build',
    generateBundle() {
      for (const file of ['leaflet.js', 'leaflet.css']) {
        const source = readFileSync(new URL(`node_modules/leaflet/dist/${file}`, import.meta.url), 'utf8');
        this.emitFile({ type: 'asset', fileName: `report/${file}`, source });
      }
    },
  };
}

// Everything goes to static/build with hashed names and a manifest, which the server reads to link the files.
// Nothing is inlined: the pages' content security policy allows files of our own only.
export default defineConfig({
  base: '/static/build/',
  publicDir: false,
  plugins: [leafletForReports()],
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
