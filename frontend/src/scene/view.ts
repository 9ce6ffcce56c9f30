/** The 3D view: puts street, design, light and controls together in a box, and takes all of it away again. */
import type { Geometry, Position } from 'geojson';
import type { Group } from 'three';
import './scene.css';
import type { Api } from '../core/api';
import { button, h } from '../core/dom';
import { contains, metresPerDegree } from '../core/geo';
import { t } from '../core/texts';
import type { Action, Verdict } from '../editor/model';
import { NEUTRAL_ICON, THING_ICONS } from '../editor/shop';
import type { Box } from '../map/base';
import { chalkOf } from '../map/chalk';
import { DesignScene, middleOfChange, type SceneChange, type SolidKind } from './design';
import { Local, northward, type Spot } from './local';
import { namePlaces, paintedName } from './names';
import { readPalette } from './palette';
import { Panel } from './panel';
import type { Age } from './plants';
import { Stage, type View } from './stage';
import { Street, streetObjects, type Assumed, type Thing } from './street';
import { startDate, sunDay } from './sun';
import { s } from './texts';
import { Tiles } from './tiles';

/** A change as the page knows it; what the catalogue and the street say about it is looked up here. */
export interface ChangeInput {
  key: string;
  action: Action;
  kind: string | null;
  objectId: string | null;
  objectKind: string | null;
  geometry: Geometry;
  rotation: number;
  width: number | null;
  verdict: Verdict | null;
}

export interface SceneOptions {
  api: Api;
  box: HTMLElement;
  place: string;
  area: Geometry;
  bbox: Box;
  /** Compass direction that is up on the flat map, on which the street lies level. */
  bearing: number;
  /** Where to look first; the middle of the area when it is left out. */
  centre?: Position;
  /** A click on a change, or on nothing. */
  onSelect(key: string | null): void;
  /** A click on something that exists. */
  onThing(id: string): void;
  /** A click on the ground with a tool in hand: whether it was used. */
  onGround(position: Position): boolean;
  /** Which existing things can be picked. */
  pickable: readonly string[];
  /** The camera moved. */
  onView(): void;
  /** A key on the picture: whether it was used. */
  onKey(event: KeyboardEvent): boolean;
  /** The browser took the picture away; there is nothing to see any more. */
  onLost(): void;
}

interface SolidCatalogue extends Assumed {
  elements: SolidKind[];
}

/** The street around the area that is drawn too, and how far from its middle shadows reach at most, in metres. */
const AROUND_M = 70;
const [LEAST_REACH_M, MOST_REACH_M] = [60, 190];
const START_TILT = 55;
const CLICK_PX = 6;
/** Where there is room for the legend beside the panel. */
const WIDE = '(min-width: 821px)';
const THING_PX = 22;

export async function openScene(options: SceneOptions): Promise<SceneView> {
  const { api, bbox } = options;
  const middle: Position = [(bbox[0] + bbox[2]) / 2, (bbox[1] + bbox[3]) / 2];
  const [kx, ky] = metresPerDegree(middle[1]!);
  const box: Box = [bbox[0] - AROUND_M / kx, bbox[1] - AROUND_M / ky, bbox[2] + AROUND_M / kx, bbox[3] + AROUND_M / ky];
  const [{ features, partial }, { data }] = await Promise.all([streetObjects(api, box), api.get<SolidCatalogue>('/catalogue')]);
  const local = new Local(middle);
  const half = Math.hypot((bbox[2] - bbox[0]) * kx, (bbox[3] - bbox[1]) * ky) / 2;
  const reach = Math.min(MOST_REACH_M, Math.max(LEAST_REACH_M, half + 30));
  const palette = readPalette();
  const street = new Street(local, palette, data, options.bearing + 90, features);
  for (const place of namePlaces(local, features, reach)) street.group.add(paintedName(place));
  return new SceneView(options, local, street, new DesignScene(local, palette, street), new Stage(options.box, reach, palette.sky), data, { half, partial });
}

export class SceneView {
  private readonly tiles = new Tiles();
  private readonly panel: Panel;
  private readonly kinds: Map<string, SolidKind>;
  private readonly home: View;
  private readonly around: HTMLElement[];
  private changes: SceneChange[] = [];
  private selected: string | null = null;
  private pickedRing: Group | null = null;
  private age: Age = 0;
  private date: string;
  private down: { x: number; y: number } | null = null;

  constructor(
    private readonly options: SceneOptions,
    private readonly local: Local,
    private readonly street: Street,
    private readonly design: DesignScene,
    private readonly stage: Stage,
    catalogue: SolidCatalogue,
    { half, partial }: { half: number; partial: boolean },
  ) {
    this.kinds = new Map(catalogue.elements.map((kind) => [kind.id, kind]));
    this.date = startDate(new Date());
    this.panel = new Panel(this.date, {
      sun: (at) => stage.setSun(at),
      age: (age) => this.setAge(age),
      date: (date) => void this.setDate(date),
    });
    stage.scene.add(street.group, design.group);
    stage.onFrame = () => this.framed();
    stage.onLost = () => options.onLost();
    this.home = this.start(half);
    this.around = this.furnish(partial);
    stage.look(this.home);
    window.stoepkrijt = { map: null, ready: false, ...window.stoepkrijt, solid: this };
    stage.setSun(null);
    void this.setDate(this.date);
    this.signs();
  }

  get canvas(): HTMLCanvasElement {
    return this.stage.canvas;
  }

  /** Along the street at the place that the flat map shows. */
  private start(half: number): View {
    const { centre, bearing } = this.options;
    const at = centre ? this.local.to(centre) : ([0, 0] as Spot);
    const street = this.street.streetAt(at);
    // A narrow screen shows less to the sides, so it looks from further away.
    const { clientWidth: width, clientHeight: height } = this.options.box;
    const narrow = Math.min(1.5, Math.max(1, height / Math.max(1, width)));
    return { at, distance: Math.min(150, Math.max(55, half * 1.2)) * narrow, heading: northward(street.known ? street.turn : bearing + 90), tilt: START_TILT };
  }

  /** The canvas gets its name and keys; buttons, cross and panel stand around it. */
  private furnish(partial: boolean): HTMLElement[] {
    const { stage, options } = this;
    const { canvas } = stage;
    const help = h('p', { class: 'vh', id: 'scene-help' }, s('help'));
    for (const [name, value] of Object.entries({ tabindex: '0', role: 'application', 'aria-label': s('canvas', { place: options.place }), 'aria-describedby': 'scene-help' })) {
      canvas.setAttribute(name, value);
    }
    canvas.classList.add('scene-canvas');
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('pointerdown', (event) => (this.down = { x: event.offsetX, y: event.offsetY }));
    canvas.addEventListener('pointerup', (event) => this.up(event));
    const buttons = h(
      'div',
      { class: 'tg scene-buttons', role: 'group', 'aria-label': `${t('zoomIn')}, ${s('turnLeft')}` },
      button(t('zoomIn'), 'i-plus', () => stage.zoom(1)),
      button(t('zoomOut'), 'i-min', () => stage.zoom(-1)),
      button(s('turnLeft'), 'i-undo', () => stage.turn(-30)),
      button(s('turnRight'), 'i-redo', () => stage.turn(30)),
      button(s('tiltDown'), 'i-omhoog', () => stage.tilt(-12)),
      button(s('tiltUp'), 'i-omlaag', () => stage.tilt(12)),
      button(s('again'), 'i-kompas', () => stage.go(this.home)),
    );
    const note = partial ? h('p', { class: 'scene-partial' }, s('partial')) : null;
    const wide = matchMedia(WIDE).matches;
    const corner = h('div', { class: 'scene-corner' }, this.panel.element, wide && this.panel.legend);
    if (!wide) this.panel.more.append(this.panel.legend);
    const parts = [help, this.tiles.element, h('div', { class: 'map-cross scene-cross', 'aria-hidden': 'true' }), buttons, corner, ...(note ? [note] : [])];
    options.box.append(...parts);
    return parts;
  }

  // --- what is shown ------------------------------------------------------------------------------------------

  show(changes: readonly ChangeInput[], selected: string | null): void {
    const moved = selected !== this.selected && selected !== null;
    this.changes = changes.map((change) => this.known(change));
    this.selected = selected;
    this.draw();
    this.signs();
    const change = this.changes.find(({ key }) => key === selected);
    if (moved && change) this.reveal(change);
  }

  private known(change: ChangeInput): SceneChange {
    const kind = change.kind === null ? undefined : this.kinds.get(change.kind);
    const { objectKind, action } = change;
    const grows = objectKind === 'tree' || objectKind === 'green' || objectKind === 'hedge';
    const old = change.objectId === null ? null : (this.street.find(change.objectId) ?? (action === 'move' ? null : change.geometry));
    return {
      ...change, kind, objectGeometry: old, icon: kind?.icon ?? THING_ICONS[objectKind ?? ''] ?? NEUTRAL_ICON,
      chalk: action === 'remove' ? 'remove' : kind ? chalkOf(kind.group) : grows ? 'green' : 'paving',
    };
  }

  private draw(): void {
    const gone = this.changes.filter(({ action }) => action === 'remove' || action === 'move' || action === 'replace');
    this.street.without(new Set(gone.flatMap(({ objectId }) => (objectId === null ? [] : [objectId]))));
    this.design.show(this.changes, this.selected, this.age);
    this.tiles.show(this.changes, this.selected, (change) => this.standOf(change));
    this.stage.shapesChanged();
  }

  /** Something that exists and is picked, or nothing. */
  pick(geometry: Geometry | null): void {
    if (!geometry && !this.pickedRing) return;
    if (this.pickedRing) {
      this.stage.scene.remove(this.pickedRing);
      this.pickedRing.traverse((part) => (part as { geometry?: { dispose(): void } }).geometry?.dispose());
    }
    this.pickedRing = geometry ? this.design.picked(geometry) : null;
    if (this.pickedRing) this.stage.scene.add(this.pickedRing);
    this.stage.invalidate();
  }

  private standOf({ kind, geometry, objectKind }: SceneChange): { at: Spot; up: number } {
    const size = kind?.growth?.find(({ years }) => years === this.age);
    const high = size ? size.height_m * 0.62 : objectKind === 'tree' && !kind ? 5 : Math.min(3, Math.max(0, kind?.height_m ?? 1)) + 0.7;
    return { at: middleOfChange(this.local, geometry), up: high };
  }

  private setAge(age: Age): void {
    this.age = age;
    this.draw();
  }

  private async setDate(date: string): Promise<void> {
    this.date = date;
    const [lon, lat] = this.local.origin as [number, number];
    const day = await sunDay(this.options.api, lon, lat, date).catch(() => null);
    if (this.date === date) this.panel.show(day);
  }

  private signs(): void {
    this.panel.signs({ ...this.street.shows, design: this.changes.length > 0 });
  }

  /** Turns the eye to a change when it lies outside the picture. */
  private reveal(change: SceneChange): void {
    const { at, up } = this.standOf(change);
    const place = this.stage.project(at, up);
    const { clientWidth: width, clientHeight: height } = this.options.box;
    const seen = place && place.x > 60 && place.y > 90 && place.x < width - 60 && place.y < height - 120;
    if (!seen) this.stage.go({ at, distance: Math.min(this.stage.view.distance, 70) });
  }

  private framed(): void {
    this.tiles.move((spot, up) => this.stage.project(spot, up));
    this.options.onView();
  }

  /** Where a place on the ground is in the box, in pixels; null behind one's back. */
  project(about: Position, up = 0.5): { x: number; y: number } | null {
    return this.stage.project(this.local.to(about), up);
  }

  /** The compass direction that is up in the picture. */
  heading(): number {
    return this.stage.view.heading;
  }

  /** The corner at the lower left that the panel takes, in pixels from the left and the top. */
  corner(): { right: number; top: number } {
    const { offsetLeft, offsetTop, offsetWidth } = this.panel.element;
    const { offsetLeft: left, offsetTop: top } = this.panel.element.parentElement!;
    return { right: left + offsetLeft + offsetWidth, top: top + offsetTop };
  }

  // --- pointer and keys ---------------------------------------------------------------------------------------

  private up(event: PointerEvent): void {
    const begin = this.down;
    this.down = null;
    if (!begin || event.button !== 0 || Math.hypot(event.offsetX - begin.x, event.offsetY - begin.y) > CLICK_PX) return;
    this.act(event.offsetX, event.offsetY);
  }

  /** Uses the tool in hand, else picks a change, else something that exists, else lets go. */
  private act(x: number, y: number): void {
    const { options, stage } = this;
    const ground = stage.groundAt(x, y);
    if (ground && options.onGround(this.local.from(ground))) return;
    const key = this.tiles.at(x, y) ?? this.changeAt(x, y);
    if (key) return options.onSelect(key);
    const thing = this.thingAt(x, y, ground);
    if (thing) options.onThing(thing.id);
    else options.onSelect(null);
  }

  private changeAt(x: number, y: number): string | null {
    const [hit] = this.stage.hits(x, y, [...this.design.group.children, ...this.street.group.children.filter(({ name }) => name === 'buildings')]);
    return (hit?.object.parent?.userData.key as string | undefined) ?? null;
  }

  /** The nearest thing around a pixel; surfaces count when the place lies in them. */
  private thingAt(x: number, y: number, ground: Spot | null): Thing | null {
    const gone = new Set(this.changes.map(({ objectId }) => objectId));
    let best: { thing: Thing; gap: number } | null = null;
    for (const thing of this.street.things) {
      if (!this.options.pickable.includes(thing.kind) || gone.has(thing.id)) continue;
      for (const spot of this.street.spots(thing.geometry)) {
        for (const up of thing.kind === 'tree' ? [0.5, 3, 6] : [0.5]) {
          const place = this.stage.project(spot, up);
          const gap = place ? Math.hypot(place.x - x, place.y - y) : Infinity;
          if (gap < (best?.gap ?? THING_PX)) best = { thing, gap };
        }
      }
    }
    if (best || !ground) return best?.thing ?? null;
    const position = this.local.from(ground);
    return this.street.areasThatCanBePicked(this.options.pickable).find((thing) => contains(thing.geometry, position)) ?? null;
  }

  private key(event: KeyboardEvent): void {
    if (this.options.onKey(event)) return event.preventDefault();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { stage } = this;
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    if (arrow && event.shiftKey) {
      if (arrow[0]) stage.turn(arrow[0] * 15);
      else stage.tilt(arrow[1] * 6);
    } else if (arrow) stage.pan(...arrow);
    else if (event.key === '+' || event.key === '=') stage.zoom(1);
    else if (event.key === '-') stage.zoom(-1);
    else if (event.key === 'Enter') this.act(this.options.box.clientWidth / 2, this.options.box.clientHeight / 2);
    else if (event.key === 'Escape') this.options.onSelect(null);
    else return;
    event.preventDefault();
  }

  close(): void {
    if (window.stoepkrijt) delete window.stoepkrijt.solid;
    this.design.dispose();
    this.stage.close();
    this.around.forEach((part) => part.remove());
  }
}
