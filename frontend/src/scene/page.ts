/** A design in 3D on its own page: the drawn map makes room for it, and comes back when it is closed. */
import type { Geometry } from 'geojson';
import { Api } from '../core/api';
import { announce, button, config, h } from '../core/dom';
import { sprite } from '../core/sprite';
import { t } from '../core/texts';
import type { Action, DesignFeature, Verdict } from '../editor/model';
import { canDraw } from '../core/webgl';
import type { Box } from '../map/base';
import type { ChangeInput, SceneView } from './view';

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
  opener.hidden = false;
  opener.addEventListener('click', () => void new DesignPage(config<PageConfig>(element), opener, frame).open());
}

class DesignPage {
  private view: SceneView | null = null;
  private readonly box = h('div', { class: 'scene-box' }, h('p', { class: 'scene-wait', role: 'status' }, t('solidLoading')));

  constructor(
    private readonly settings: PageConfig,
    private readonly opener: HTMLButtonElement,
    private readonly frame: HTMLElement,
  ) {}

  async open(): Promise<void> {
    const { settings, frame, box, opener } = this;
    if (!canDraw()) return this.say(t('solidNoWebgl'));
    frame.classList.add('frame-solid');
    frame.append(box);
    opener.disabled = true;
    void sprite();
    try {
      const api = new Api(settings.apiBase, settings.lang);
      const [{ openScene }, { data }] = await Promise.all([import('./view'), api.get<DesignFeature>(`/designs/${settings.design}`)]);
      const changes = inputs(data);
      const view = await openScene({
        api, box, place: settings.place, area: settings.assignment.area, bbox: settings.bbox, bearing: settings.bearing, pickable: [],
        onSelect: (key) => view.show(changes, key), onThing: () => undefined, onGround: () => false, onView: () => undefined,
      });
      this.view = view;
      view.show(changes, null);
      box.querySelector('.scene-wait')?.remove();
      box.append(h('div', { class: 'tg scene-close' }, button(t('flatView'), 'i-kaart', () => this.close(), 'tb', true)));
      announce(t('solidOn'));
      view.canvas.focus({ preventScroll: true });
    } catch (error) {
      console.warn('3D:', error);
      this.close();
      this.say(t('solidFailed'));
    }
  }

  private say(sentence: string): void {
    this.frame.parentElement?.querySelector('.scene-said')?.remove();
    this.frame.after(h('p', { class: 'note note-warn scene-said', role: 'status' }, sentence));
  }

  private close(): void {
    this.view?.close();
    this.box.remove();
    this.frame.classList.remove('frame-solid');
    this.opener.disabled = false;
    this.opener.focus({ preventScroll: true });
    announce(t('solidOff'));
  }
}

/** The changes of a design as the server gives them. */
export function inputs(design: DesignFeature): ChangeInput[] {
  return design.changes.features.map((feature, index) => {
    const p = feature.properties ?? {};
    const text = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));
    return {
      key: String(feature.id ?? p.id ?? index), action: p.action as Action, kind: text(p.kind), objectId: text(p.object), objectKind: text(p.object_kind),
      geometry: feature.geometry, rotation: Number(p.rotation_deg ?? 0), width: typeof p.width_m === 'number' ? p.width_m : null, verdict: (p.verdict as Verdict) ?? null,
    };
  });
}
