/** A design in 3D on its own page: the drawn map makes room for it, and comes back when it is closed. */
import type { Geometry } from 'geojson';
import { Api } from '../core/api';
import { config, h } from '../core/dom';
import type { Box } from '../map/base';
import { Pane } from './pane';

interface PageConfig {
  apiBase: string;
  lang: string;
  place: string;
  bbox: Box;
  bearing: number;
  assignment: { area: Geometry };
  design: string;
}

export function start(element: HTMLElement): void {
  const opener = element.querySelector<HTMLButtonElement>('[data-solid]');
  const frame = element.querySelector<HTMLElement>('.frame');
  if (!opener || !frame) return;
  const settings = config<PageConfig>(element);
  const pane = new Pane({
    api: new Api(settings.apiBase, settings.lang), host: frame, place: settings.place, area: settings.assignment.area, bbox: settings.bbox, bearing: settings.bearing,
    onOpen: () => (frame.classList.add('frame-solid'), (opener.disabled = true)),
    onClose: () => {
      frame.classList.remove('frame-solid');
      opener.disabled = false;
      opener.focus({ preventScroll: true });
    },
    say: (sentence) => {
      element.querySelector('.scene-said')?.remove();
      frame.after(h('p', { class: 'note note-warn scene-said', role: 'status' }, sentence));
    },
  });
  opener.hidden = false;
  opener.addEventListener('click', () => void pane.open(settings.design));
}
