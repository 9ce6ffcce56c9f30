/** The 3D view on pages for reading: it lies over a map or picture, shows one design, and leaves all as it was. */
import type { Geometry } from 'geojson';
import type { Api } from '../core/api';
import { announce, button, h } from '../core/dom';
import { sprite } from '../core/sprite';
import { t } from '../core/texts';
import { canDraw } from '../core/webgl';
import type { Action, DesignFeature, Verdict } from '../editor/model';
import type { Box } from '../map/base';
import type { ChangeInput, SceneView } from './view';

export interface PaneOptions {
  api: Api;
  /** What it lies over. */
  host: HTMLElement;
  place: string;
  area: Geometry;
  bbox: Box;
  bearing: number;
  onOpen(): void;
  onClose(): void;
  /** A sentence when it cannot be shown. */
  say(sentence: string): void;
}

export class Pane {
  private view: SceneView | null = null;
  private box: HTMLElement | null = null;

  constructor(private readonly options: PaneOptions) {}

  get on(): boolean {
    return this.box !== null;
  }

  /** Shows the street, with the changes of a design when one is named. */
  async open(design: string | null): Promise<void> {
    const { options } = this;
    if (this.on) return;
    if (!canDraw()) return options.say(t('solidNoWebgl'));
    const box = (this.box = h('div', { class: 'scene-box' }, h('p', { class: 'scene-wait', role: 'status' }, t('solidLoading'))));
    options.host.append(box);
    options.onOpen();
    void sprite();
    try {
      const [{ openScene }, changes] = await Promise.all([import('./view'), this.changesOf(design)]);
      const view = await openScene({
        ...options, box, pickable: [], onSelect: (key) => view.show(this.changes, key), onThing: () => undefined, onGround: () => false, onView: () => undefined,
        onKey: () => false, onLost: () => (this.close(), options.say(t('solidFailed'))),
      });
      if (this.box !== box) return view.close();
      this.view = view;
      this.show(changes);
      box.querySelector('.scene-wait')?.remove();
      box.append(h('div', { class: 'tg scene-close' }, button(t('flatView'), 'i-kaart', () => this.close(), 'tb', true)));
      announce(t('solidOn'));
      view.canvas.focus({ preventScroll: true });
    } catch (error) {
      console.warn('3D:', error);
      if (this.box !== box) return;
      this.close();
      options.say(t('solidFailed'));
    }
  }

  private changes: ChangeInput[] = [];

  private show(changes: ChangeInput[]): void {
    this.changes = changes;
    this.view?.show(changes, null);
  }

  /** Another design in the same street. */
  async design(id: string): Promise<void> {
    this.show(await this.changesOf(id));
  }

  private async changesOf(id: string | null): Promise<ChangeInput[]> {
    return id === null ? [] : inputs((await this.options.api.get<DesignFeature>(`/designs/${encodeURIComponent(id)}`)).data);
  }

  close(): void {
    this.view?.close();
    this.box?.remove();
    this.view = this.box = null;
    this.options.onClose();
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
