/** "2D | 3D". All that is three-dimensional is fetched when somebody asks for it: the workshop starts without. */
import { t } from '../core/texts';
import { canDraw } from '../core/webgl';
import type { MakePart } from './bench';
import type { Solid } from './solidView';

export const solid: MakePart = (bench) => {
  let view: Solid | null = null;
  const open = async (): Promise<void> => {
    if (!canDraw() || !bench.canvas) return bench.flash(t('solidNoWebgl'));
    try {
      const { Solid } = await import('./solidView');
      view ??= new Solid(bench);
    } catch {
      return bench.flash(t('solidFailed'));
    }
    await view.open();
  };
  const on = (): boolean => view?.on ?? false;
  return {
    tools: [
      { id: '2d', group: 'view', label: 'flatView', icon: 'i-kaart', words: true, pressed: () => !on(), run: () => view?.flat() },
      { id: '3d', group: 'view', label: 'solidView', icon: 'i-kubus', words: true, pressed: on, run: () => void open() },
    ],
    update: () => view?.update(),
  };
};
