/** Measuring: length of a line or surface of an area, with the same corners, keys and snapping as drawing. */
import type { MakePart } from './bench';

export const measure: MakePart = (bench) => ({
  tools: [
    {
      id: 'measure', group: 'draw', label: 'measure', icon: 'i-meet',
      pressed: () => bench.shop.tool.type === 'measure',
      run: () => bench.acts.setTool(bench.shop.tool.type === 'measure' ? { type: 'none' } : { type: 'measure', way: 'line' }),
    },
  ],
});
