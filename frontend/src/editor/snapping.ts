/** The switch for snapping, and the street that it needs: fetched around the view, and ahead for the assignment's area. */
import { announce } from '../core/dom';
import { t } from '../core/texts';
import type { MakePart } from './bench';
import { Snapper } from './snapper';

/** From this zoom on one sees a kerb well enough to place something along it. */
const CLOSE = 17;
/** Metres around the middle of the view. */
const AROUND = 120;

export const snapping: MakePart = (bench) => {
  let snapper: Snapper | null = null;
  return {
    tools: [
      {
        id: 'snap', group: 'draw', label: 'snap', icon: 'i-magneet',
        pressed: () => snapper?.on ?? true,
        run: () => {
          if (!snapper) return;
          snapper.on = !snapper.on;
          announce(t(snapper.on ? 'snapOn' : 'snapOff'));
          bench.render();
        },
      },
    ],
    mapReady: (canvas) => {
      const { map } = canvas;
      // One degree of longitude in pixels and in metres gives metres in a pixel, at the middle of the view.
      const metresPerPixel = () => (78271.516964 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
      snapper = canvas.snapper = new Snapper(bench.shop, bench.shop.street, metresPerPixel);
      const look = () => {
        if (map.getZoom() >= CLOSE) void bench.shop.street.load(map.getCenter().toArray(), AROUND);
      };
      map.on('moveend', look);
      look();
      void bench.shop.street.ahead(bench.settings.assignment.bbox);
      bench.render();
    },
  };
};
