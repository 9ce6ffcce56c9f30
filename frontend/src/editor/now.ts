/** "Zo is het nu": the street without the drawing, as long as the switch is on. */
import { announce } from '../core/dom';
import { t } from '../core/texts';
import type { MakePart } from './bench';

export const asItIs: MakePart = (bench) => ({
  tools: [
    {
      id: 'now', group: 'view', label: 'asItIs', icon: 'i-oog', words: true,
      pressed: () => bench.canvas?.hidden ?? false,
      run: () => {
        if (!bench.canvas) return;
        bench.canvas.hidden = !bench.canvas.hidden;
        announce(t(bench.canvas.hidden ? 'asItIsOn' : 'asItIsOff'));
        bench.render();
      },
    },
  ],
});
