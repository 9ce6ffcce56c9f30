/** The street in three dimensions in the workshop, with the same drawing, the same tools and the same list. */
import type { Position } from 'geojson';
import { announce, h } from '../core/dom';
import { t } from '../core/texts';
import { openScene, type ChangeInput, type SceneView } from '../scene/view';
import type { Bench } from './bench';
import type { Change } from './model';
import { stride } from './moves';
import { PICKABLE } from './shop';

export class Solid {
  private view: SceneView | null = null;
  private box: HTMLElement | null = null;
  private shown: unknown[] = [];

  constructor(private readonly bench: Bench) {}

  get on(): boolean {
    return this.box !== null;
  }

  async open(): Promise<void> {
    const { bench } = this;
    if (this.on || !bench.canvas) return;
    const box = (this.box = h('div', { class: 'scene-box' }, h('p', { class: 'scene-wait', role: 'status' }, t('solidLoading'))));
    bench.mapBox.querySelector('.map-canvas')?.after(box);
    this.cover(true);
    bench.render();
    try {
      const view = await openScene(this.options(box));
      if (this.box !== box) return view.close();
      box.querySelector('.scene-wait')?.remove();
      this.view = view;
      bench.canvas.elsewhere = view;
      announce(t('solidOn'));
      view.canvas.focus({ preventScroll: true });
    } catch (error) {
      console.warn('3D:', error);
      if (this.box !== box) return;
      this.close();
      bench.flash(t('solidFailed'));
    }
    bench.render();
  }

  private options(box: HTMLElement) {
    const { api, settings, acts, shop, store } = this.bench;
    const { assignment } = settings;
    return {
      api, box, place: assignment.title, area: assignment.area, bbox: assignment.bbox, bearing: settings.bearing ?? 0, centre: this.bench.middle(), pickable: PICKABLE,
      onSelect: (key: string | null) => (key ? acts.select(key) : store.state.selected || shop.picked ? acts.letGo() : undefined),
      onThing: (id: string) => void shop.thing(id).then((thing) => thing && this.bench.canvas?.takeThing(thing)),
      onGround: (position: Position) => this.bench.canvas?.useAt(position) ?? false,
      onView: () => this.bench.canvas?.onView(),
      onKey: (event: KeyboardEvent) => this.key(event),
      onLost: () => {
        this.close();
        this.bench.flash(t('solidFailed'));
        this.bench.render();
      },
    };
  }

  /** With something chosen the keys of the flat map hold here too: arrows shift it, R turns it, Delete takes it away. */
  private key(event: KeyboardEvent): boolean {
    const { acts, store } = this.bench;
    const change = store.selected;
    if (!change || event.ctrlKey || event.metaKey) return false;
    const step = event.shiftKey ? 1 : event.altKey ? 0.01 : stride.metres;
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    const arrow = arrows[event.key];
    if (arrow && acts.canMove(change)) acts.nudge(change, ...arrow, this.view?.heading() ?? 0);
    else if (event.key === 'r' || event.key === 'R') acts.turn(change, event.shiftKey ? -15 : 15);
    else if (event.key === 'Delete' || event.key === 'Backspace') acts.remove(change);
    else return false;
    return true;
  }

  /** The flat map below keeps its place but can be neither reached nor seen. */
  private cover(on: boolean): void {
    this.bench.mapBox.classList.toggle('map-solid', on);
    this.bench.mapBox.querySelector<HTMLElement>('.map-canvas')?.toggleAttribute('inert', on);
  }

  close(): void {
    const { canvas } = this.bench;
    this.view?.close();
    this.box?.remove();
    this.view = this.box = null;
    this.shown = [];
    if (canvas) canvas.elsewhere = null;
    this.cover(false);
  }

  flat(): void {
    if (!this.on) return;
    this.close();
    announce(t('solidOff'));
    this.bench.render();
    this.bench.canvas?.map.getCanvas().focus({ preventScroll: true });
  }

  update(): void {
    const { bench, view } = this;
    if (!this.on) return;
    // Lines, areas and moving are drawn on the flat map: there one sees where the corners lie.
    const { tool } = bench.shop;
    if (bench.canvas?.sketch || tool.type === 'move' || tool.type === 'change') {
      this.flat();
      return bench.flash(t('solidBack'));
    }
    if (!view || !bench.canvas) return;
    const { changes, selected } = bench.store.state;
    const now = [changes, selected, bench.canvas.hidden, bench.shop.checker.answer, bench.shop.kinds, bench.shop.things.size, bench.shop.picked];
    if (now.every((value, index) => value === this.shown[index])) return;
    this.shown = now;
    view.show(bench.canvas.hidden ? [] : changes.map((change) => this.input(change)), selected);
    view.pick(bench.shop.picked?.geometry ?? null);
  }

  private input(change: Change): ChangeInput {
    const { shop } = this.bench;
    const { key, action, kind, geometry, rotation, width } = change;
    const objectId = change.object === null ? null : String(change.object);
    const objectKind = change.objectKind ?? (objectId === null ? null : (shop.things.get(objectId)?.kind ?? null));
    return { key, action, kind, objectId, objectKind, geometry, rotation, width, verdict: shop.verdictOf(change) };
  }
}
