/** The workshop's map: shows the drawing, and turns clicks, drags and keys into acts. */
import type { Feature, FeatureCollection, Geometry, Polygon, Position } from 'geojson';
import type { GeoJSONSource, Map as LibreMap, MapGeoJSONFeature, MapMouseEvent, MapTouchEvent, PointLike, SymbolLayerSpecification } from 'maplibre-gl';
import { announce, calm, h } from '../core/dom';
import { centre, corners, difference, normalDegrees, translated, turned } from '../core/geo';
import { kindName, t } from '../core/texts';
import { areaLayers, chalkLayers } from '../map/chalk';
import { showZones } from '../map/zones';
import { SINGLE_ZOOM } from '../map/cluster';
import { addClusterLayer, groupFeature, groupsAt, openCluster, type Member } from '../map/clusterLayer';
import { chosenTile, ensureTile } from '../map/images';
import { Over } from '../map/over';
import { show } from '../map/show';
import { Steps } from '../map/steps';
import type { Acts } from './acts';
import { Ghost } from './ghost';
import { apart, Hand, onTile, type Grip, type Pixel } from './hand';
import { shapeOf, type Change, type Verdict } from './model';
import { stride } from './moves';
import { rowAlong } from './rows';
import { PICKABLE, type Shop, type StreetThing } from './shop';
import { untilReleased } from './release';
import { Sketch } from './sketch';
import { snapWords, type Landed, type Snapped, type Snapper } from './snapper';

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };
const STREET_LAYERS = ['furniture', 'dots', 'tree', 'barrier', 'parking', 'green', 'cycle', 'carriageway', 'yard', 'pavement'];
const POINT_LAYERS = 4;
const CLUSTERS = 'own-clusters';
const OWN_LAYERS = ['own-fill', 'own-halo'];
/** Drawn over the map, from below. */
const OVER = ['picked', 'leaving', 'hand', 'pinch', 'sketch', 'ghost', 'stem', 'grips'];
/** Half of a group's tile on the screen, in pixels. */
const GROUP_PX = 22;

/** Another view of the street. */
export interface Elsewhere {
  /** Where a place is on its screen; null: behind one's back. */
  project(about: Position): { x: number; y: number } | null;
  /** The compass direction that is up in it. */
  heading(): number;
  /** The corner at the lower left that its own controls take, in pixels from the left and the top. */
  corner(): { right: number; top: number };
}

export class Canvas {
  sketch: Sketch | null = null;
  hidden = false;
  readonly cross: HTMLElement;
  onView: () => void = () => undefined;
  /** The sketch follows the pointer. */
  onSketch: () => void = () => undefined;
  /** Another view than the flat map, while one shows the street. */
  elsewhere: Elsewhere | null = null;
  /** Pulls what is placed or moved to the edges of the street; null: nothing does. */
  snapper: Snapper | null = null;
  /** What changes with each step is drawn over the map. */
  readonly over: Over;
  private readonly ghost: Ghost;
  private readonly hand: Hand;
  private groups: Feature[] = [];
  private preview: Change | null = null;
  private pulledTo: Snapped | null = null;
  private lastHeld: Position | null = null;
  private drawing = 0;
  private readonly steps: Steps;

  private covered = { top: 0, left: 0, right: 0, bottom: 0 };

  constructor(
    readonly map: LibreMap,
    private readonly shop: Shop,
    private readonly acts: Acts,
    readonly box: HTMLElement,
  ) {
    this.steps = new Steps(map);
    this.cross = h('div', { class: 'map-cross', 'aria-hidden': 'true' });
    box.append(this.cross);
    this.addLayers();
    this.over = new Over(map, OVER);
    this.ghost = new Ghost(this.over);
    this.hand = new Hand(map, this.over);
    this.listen();
  }

  private addLayers(): void {
    const { map, shop } = this;
    for (const id of ['area', 'own']) map.addSource(id, { type: 'geojson', data: EMPTY });
    (map.getSource('area') as GeoJSONSource).setData({ type: 'Feature', properties: {}, geometry: shop.settings.assignment.area });
    areaLayers('area').forEach((layer) => map.addLayer(layer, 'under-labels'));
    showZones(map, shop.settings.assignment.zones ?? [], 'under-labels');
    for (const layer of chalkLayers({ id: 'own', source: 'own', chalk: ['get', 'chalk'] })) map.addLayer(layer, 'under-labels');
    addClusterLayer(map, CLUSTERS);
    const tiles: Omit<SymbolLayerSpecification, 'id' | 'source'> = {
      type: 'symbol', filter: ['has', 'image'],
      layout: {
        'icon-image': ['get', 'image'], 'icon-allow-overlap': true, 'icon-ignore-placement': true,
        'icon-size': ['interpolate', ['linear'], ['zoom'], 15, 0.45, 18, 0.9],
      },
    };
    // From far, what stands alone; the rest is in a group.
    map.addLayer({ ...tiles, id: 'own-tile-far', source: CLUSTERS, filter: ['all', ['has', 'image'], ['!', ['has', 'count']]], maxzoom: SINGLE_ZOOM });
    map.addLayer({ ...tiles, id: 'own-tile', source: 'own', minzoom: SINGLE_ZOOM });
  }

  /** Draws the state anew; pictures that are not made yet are made first. */
  async update(): Promise<void> {
    const turn = ++this.drawing;
    const { shop } = this;
    const held = this.hidden ? undefined : (this.preview ?? shop.store.selected);
    const others = this.hidden ? [] : shop.store.state.changes.filter((change) => change.key !== held?.key);
    const [features, tile] = await Promise.all([Promise.all(others.map((change) => this.features(change))), held && chosenTile(this.tileOf(held))]);
    const clusters = await this.clusters(others, features.flat());
    if (turn !== this.drawing) return;
    const stays = others.some((change) => change.key === this.hand.key);
    this.hand.take(held && tile ? { change: held, ground: shop.ground(held), chalk: shop.chalk(held), tile, movable: this.acts.canMove(held) } : null, stays);
    this.over.show('picked', shop.picked ? shop.ground(asChange(shop.picked.geometry, shop.picked.kind)).map((geometry) => ({ geometry, looks: ['over-picked-halo', 'over-picked'] })) : []);
    this.over.show('sketch', this.sketch?.marks() ?? []);
    show(this.map, 'own', [...(held ? this.origin(held) : []), ...features.flat()]);
    show(this.map, CLUSTERS, (this.groups = clusters));
    this.box.classList.toggle('map-drawing-on', shop.tool.type !== 'none');
  }

  private tileOf(change: Change) {
    return { icon: this.shop.iconOf(change), removed: change.action === 'remove', verdict: this.verdictOf(change) };
  }

  private async features(change: Change): Promise<Feature[]> {
    const { shop } = this;
    const chalk = shop.chalk(change);
    const image = await ensureTile(this.map, this.tileOf(change));
    return [
      ...this.origin(change),
      ...shop.ground(change).map((g) => feature(g, { chalk, key: change.key })),
      feature({ type: 'Point', coordinates: centre(change.geometry) }, { key: change.key, image }),
    ];
  }

  /** Where a thing that moves stood. */
  private origin(change: Change): Feature[] {
    const before = change.action === 'move' ? this.shop.things.get(String(change.object)) : undefined;
    return before ? this.shop.ground(asChange(before.geometry, before.kind)).map((g) => feature(g, { chalk: 'remove' })) : [];
  }

  /** The tiles as they show from far; what is chosen or being pulled is in no group. */
  private async clusters(changes: readonly Change[], features: readonly Feature[]): Promise<Feature[]> {
    if (this.map.getZoom() >= SINGLE_ZOOM) return [];
    const tiles = new Map(features.filter((one) => one.properties?.image).map((one) => [one.properties!.key as string, one]));
    const members = changes.map((change): Omit<Member, 'x' | 'y'> => ({
      key: change.key, verdict: this.verdictOf(change), position: centre(change.geometry), feature: tiles.get(change.key)!,
    }));
    return Promise.all(groupsAt(this.map, members).map((group) => groupFeature(this.map, group)));
  }

  /** Of the change as it is kept: what is being pulled has no verdict of its own yet. */
  private verdictOf(change: Change): Verdict | null {
    return this.shop.verdictOf(this.shop.store.state.changes.find((c) => c.key === change.key) ?? change);
  }

  // --- pointer ------------------------------------------------------------------------------------------------

  private listen(): void {
    const { map } = this;
    map.on('click', (event) => this.click(event.point, event.lngLat.toArray(), event.originalEvent.altKey));
    // After a tap a finger is "out" at once: what is being drawn stays in sight.
    map.on('mouseout', () => this.sketch ?? this.ghost.clear());
    map.on('mousedown', (event) => this.grab(event, true));
    map.on('touchstart', (event) => event.points.length === 1 && this.grab(event, false));
    map.on('mousemove', (event) => this.hover(event));
    map.on('move', () => this.view());
    map.on('moveend', () => void this.update());
    map.on('dblclick', (event) => {
      if (!this.sketch) return;
      event.preventDefault();
      this.finish();
    });
    const canvas = map.getCanvas();
    canvas.addEventListener('keydown', (event) => this.key(event));
    canvas.addEventListener('focus', () => this.box.classList.toggle('map-keyboard', canvas.matches(':focus-visible')));
    canvas.addEventListener('blur', () => this.box.classList.remove('map-keyboard'));
    this.view();
  }

  private view(): void {
    const at = this.map.project(this.map.getCenter());
    this.cross.style.transform = `translate(${at.x}px, ${at.y}px)`;
    if (this.box.classList.contains('map-keyboard')) this.foresee(this.map.getCenter().toArray(), false);
    this.onView();
  }

  /** Shows what placing here would do: the footprint, all of a row, and the edge it lies along. */
  private foresee(position: Position, alt: boolean): void {
    this.lastHeld = position;
    const { shop } = this;
    const { tool } = shop;
    if (tool.type === 'place' && (tool.way === 'point' || tool.way === 'stamp') && !this.hidden) {
      const snap = this.snapper?.place(tool.kind, position, alt) ?? null;
      const { geometry, rotation } = this.acts.would(tool.kind, tool.way, position, this.map.getBearing(), snap);
      return this.ghost.show(shop.ground({ ...asChange(geometry, ''), kind: tool.kind.id, rotation }), snap?.edge ?? null);
    }
    if (tool.type === 'move' && !this.hidden) {
      const landed = this.landing(tool.thing, position, alt);
      return this.ghost.show(shop.ground(landed?.change ?? this.acts.movedThing(tool.thing, position)), landed?.snap.edge ?? null);
    }
    if (this.sketch) {
      const snap = this.snapper?.corner(position, alt) ?? null;
      const corners = [...this.sketch.corners, snap?.position ?? position];
      const row = tool.type === 'row' ? rowAlong(corners, shop.spacingOf(tool.kind)) : [];
      const bodies = tool.type === 'row' ? row.flatMap(({ at, rotation }) => shop.ground({ ...asChange({ type: 'Point', coordinates: at }, ''), kind: tool.kind.id, rotation })) : [];
      return this.ghost.show(bodies, snap?.edge ?? null);
    }
    this.ghost.clear();
  }

  /** Once more, after something about the tool in hand was changed. */
  foreseeAgain(): void {
    if (this.lastHeld) this.foresee(this.lastHeld, false);
  }

  /** Shows what something outside the map is about to place. */
  foretell(bodies: readonly Geometry[]): void {
    this.ghost.show(bodies, null);
  }

  private around({ x, y }: { x: number; y: number }, layers: string[], reach = 14): MapGeoJSONFeature[] {
    const area: [PointLike, PointLike] = [[x - reach, y - reach], [x + reach, y + reach]];
    return this.map.queryRenderedFeatures(area, { layers: layers.filter((id) => this.map.getLayer(id)) });
  }

  /** The group whose tile is pressed, unless something that shows above it is. Worked out: the map may still be drawing it. */
  private clusterAt(point: Pixel): Feature | null {
    if (this.hidden || this.map.getZoom() >= SINGLE_ZOOM || this.hand.tileAt(point, 0)) return null;
    const far = (one: Feature) => apart(this.map.project(centre(one.geometry)), point);
    const near = this.groups.filter((one) => far(one) <= GROUP_PX).sort((a, b) => far(a) - far(b))[0];
    return near?.properties?.count ? near : null;
  }

  /** The change whose tile or ground lies within `reach` pixels of a point: the nearest tile, then the ground of what is in hand. */
  private ownAt(point: Pixel, reach: number): string | null {
    if (this.hidden) return null;
    if (this.hand.tileAt(point, 0)) return this.hand.key;
    const far = (change: Change) => apart(this.map.project(centre(change.geometry)), point);
    const tiles = this.shop.store.state.changes.filter((change) => onTile(this.map, centre(change.geometry), point, reach));
    const near = tiles.sort((a, b) => far(a) - far(b))[0];
    if (near) return near.key;
    return this.hand.groundAt(point, reach) ? this.hand.key : this.around(point, OWN_LAYERS, reach).find((one) => one.properties.key)?.properties.key ?? null;
  }

  /** `alt`: without snapping, or with it where it is switched off. */
  click(point: { x: number; y: number }, position: Position, alt = false): void {
    if (this.sketch) return this.corner(position, alt);
    if (!this.useAt(position, alt)) void this.pickAt(point);
  }

  /** Uses the tool in hand at a place; false when it is not one that needs only a place. */
  useAt(position: Position, alt = false): boolean {
    const { tool } = this.shop;
    if (tool.type === 'place' && (tool.way === 'point' || tool.way === 'stamp')) {
      const snap = this.snapper?.place(tool.kind, position, alt) ?? null;
      this.placed(this.acts.placeAt(tool.kind, tool.way, position, this.map.getBearing(), snap));
      return true;
    }
    if (tool.type === 'move') this.placed(this.acts.moveThing(tool.thing, position, this.landing(tool.thing, position, alt)));
    return tool.type === 'move';
  }

  /** Where an existing thing lands that is held near an edge. */
  private landing(thing: StreetThing, position: Position, alt: boolean): Landed | null {
    return this.snapper?.whole(this.acts.movedThing(thing, position), alt) ?? null;
  }

  private async thingAt(point: { x: number; y: number }): Promise<StreetThing | null> {
    const street = [...this.around(point, STREET_LAYERS.slice(0, POINT_LAYERS)), ...this.around(point, STREET_LAYERS.slice(POINT_LAYERS), 1)];
    const { tool } = this.shop;
    const wanted = tool.type === 'change' ? [tool.kind.applies_to] : PICKABLE;
    const hit = street.find((f) => wanted.includes(String(f.properties.kind)) && f.id !== undefined);
    return hit ? this.shop.thing(hit.id as number) : null;
  }

  private placed(done: boolean): void {
    if (!done) return;
    this.ghost.clear();
    this.shop.tool = { type: 'none' };
    this.acts.onTool();
  }

  private async pickAt(point: { x: number; y: number }): Promise<void> {
    const { tool } = this.shop;
    if (tool.type === 'change') {
      const wanted = await this.thingAt(point);
      if (!wanted) return this.acts.onRefused(t('pickWanted', { kind: kindName(tool.kind.applies_to).toLowerCase() }));
      return this.placed(this.acts.changeThing(tool.kind, wanted));
    }
    const cluster = this.clusterAt(point);
    if (cluster) return openCluster(this.map, cluster);
    const own = this.ownAt(point, 14);
    if (own) return this.acts.select(own);
    const thing = await this.thingAt(point);
    if (thing) this.takeThing(thing);
    else if (this.shop.store.state.selected || this.shop.picked) this.acts.letGo();
    else announce(t('nothingHere'));
  }

  /** Picks something that exists, or the change that is about it. */
  takeThing(thing: StreetThing): void {
    const earlier = this.shop.store.state.changes.find((c) => String(c.object) === String(thing.id));
    if (earlier) this.acts.select(earlier.key);
    else this.acts.pick(thing);
  }

  private hover(event: MapMouseEvent): void {
    const at = event.lngLat.toArray();
    if (this.sketch && this.sketch.corners.length) {
      this.sketch.hover = this.snapper?.corner(at, event.originalEvent.altKey)?.position ?? at;
      this.over.show('sketch', this.sketch.marks());
      this.onSketch();
    }
    this.foresee(at, event.originalEvent.altKey);
    const crosshair = this.shop.tool.type !== 'none';
    const hit = !crosshair && (this.hand.gripAt(event.point, 6) || this.hand.groundAt(event.point, 6) || this.around(event.point, [CLUSTERS, 'own-tile', 'own-tile-far', ...OWN_LAYERS, ...STREET_LAYERS.slice(0, POINT_LAYERS)], 6).length > 0);
    this.map.getCanvas().style.cursor = crosshair ? 'crosshair' : hit ? 'pointer' : '';
  }

  /** A mouse may grab any own element; a finger only the chosen one, since it must also be able to pan. */
  private grab(event: MapMouseEvent | MapTouchEvent, mouse: boolean): void {
    if (this.shop.tool.type !== 'none' || this.hidden || this.clusterAt(event.point)) return;
    if (mouse && (event.originalEvent as MouseEvent).button !== 0) return;
    const reach = mouse ? 6 : 18;
    const grip = this.hand.gripAt(event.point, reach);
    const key = grip ? this.hand.key : this.ownAt(event.point, reach);
    const change = this.shop.store.state.changes.find((c) => c.key === key);
    if (!change || !this.acts.canMove(change) || (!mouse && key !== this.hand.key)) return;
    event.preventDefault();
    this.drag(change, grip ?? { role: 'whole' }, event.lngLat.toArray(), mouse);
  }

  /** What pulling a grip makes of a change, edges of the street included. */
  private pull(change: Change, grip: Grip, from: Position, to: Position, alt: boolean): Change {
    const after = pulled(change, grip, from, to);
    this.pulledTo = null;
    if (grip.role === 'whole') {
      const whole = this.snapper?.whole(after, alt);
      if (!whole) return after;
      this.pulledTo = whole.snap;
      return whole.change;
    }
    if (grip.role === 'turn') return after;
    this.pulledTo = this.snapper?.cornerOf(after, grip.role === 'between' ? grip.index + 1 : grip.index, alt) ?? null;
    return this.pulledTo ? pulled(change, grip, from, this.pulledTo.position) : after;
  }

  private drag(change: Change, grip: Grip, from: Position, mouse: boolean): void {
    const { map } = this;
    const moving = (mouse ? 'mousemove' : 'touchmove') as 'mousemove';
    const move = (event: MapMouseEvent | MapTouchEvent) => {
      this.preview = this.pull(change, grip, from, event.lngLat.toArray(), event.originalEvent.altKey);
      this.ghost.show([], this.pulledTo?.edge ?? null);
      void this.update();
    };
    map.on(moving, move);
    untilReleased((kept) => {
      map.off(moving, move);
      const result = this.preview;
      this.preview = null;
      this.ghost.clear();
      if (result && kept) this.drop(change, result, grip);
      void this.update();
    });
  }

  private drop(before: Change, after: Change, grip: Grip): void {
    if (grip.role === 'turn') this.acts.turnTo(before, after.rotation);
    else {
      const moved = t('moved', { name: this.shop.nameOf(before) });
      const sentence = this.pulledTo ? `${moved} ${t('snapped', { edge: snapWords(this.pulledTo.to) })}` : moved;
      this.acts.reshape(before, after.geometry, sentence, after.rotation);
    }
    if (this.shop.store.state.selected !== before.key) this.acts.select(before.key);
  }

  /** A palette tile dropped on the map at a place of the window. */
  dropAt(clientX: number, clientY: number): void {
    const rect = this.map.getCanvas().getBoundingClientRect();
    const point = { x: clientX - rect.left, y: clientY - rect.top };
    if (point.x < 0 || point.y < 0 || point.x > rect.width || point.y > rect.height) return;
    const at = this.map.unproject([point.x, point.y]);
    this.click(point, [at.lng, at.lat]);
  }

  // --- lines and areas --------------------------------------------------------------------------------------

  beginSketch(type: 'line' | 'area'): void {
    this.sketch = new Sketch(type);
    this.map.doubleClickZoom.disable();
    void this.update();
  }

  endSketch(): void {
    this.sketch = null;
    this.ghost.clear();
    this.map.doubleClickZoom.enable();
    void this.update();
  }

  private corner(held: Position, alt: boolean): void {
    const snap = this.snapper?.corner(held, alt) ?? null;
    const position = snap?.position ?? held;
    const free = this.shop.tool.type === 'measure';
    if (!free && !this.shop.inside({ type: 'Point', coordinates: position })) return this.acts.onRefused(t('outside'));
    if (this.sketch!.add(position)) {
      const words = [t('pointAdded', { n: this.sketch!.corners.length }), snap ? t('snapped', { edge: snapWords(snap.to) }) : '', this.sketch!.words()];
      announce(words.filter(Boolean).join(' '));
    }
    // A finger does not hover: what there is so far shows after each corner.
    this.foresee(position, alt);
    this.acts.onTool();
  }

  cornerBack(): void {
    this.sketch?.back();
    announce(t('pointRemoved', { n: this.sketch?.corners.length ?? 0 }));
    this.acts.onTool();
  }

  finish(): void {
    const { tool } = this.shop;
    const drawn = this.sketch?.finished();
    if (!this.sketch) return;
    if (!drawn) return this.acts.onRefused(t(this.sketch.type === 'line' ? 'needTwo' : 'needThree'));
    if (tool.type === 'place') this.placed(this.acts.place(tool.kind, drawn));
    else if (tool.type === 'row') this.placed(this.acts.placeRow(tool.kind, rowAlong(this.sketch.corners, this.shop.spacingOf(tool.kind))));
    else if (tool.type === 'measure') {
      this.sketch.hover = null;
      announce(this.sketch.words());
      this.acts.onTool();
    }
  }

  // --- keyboard ---------------------------------------------------------------------------------------------

  private key(event: KeyboardEvent): void {
    this.box.classList.add('map-keyboard');
    if (event.ctrlKey || event.metaKey) return;
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
    const arrow = arrows[event.key];
    const change = this.shop.store.selected;
    if (arrow) this.arrow(arrow, event.shiftKey ? 1 : event.altKey ? 0.01 : stride.metres, change);
    else if (event.altKey && event.key !== 'Enter') return;
    else if (event.key === 'Enter') this.enter(event.altKey);
    else if (event.key === '+' || event.key === '=') this.steps.zoom(1);
    else if (event.key === '-') this.steps.zoom(-1);
    else if (event.key === 'Backspace' && this.sketch) this.cornerBack();
    else if (event.key === 'Escape') this.escape();
    else if (change && (event.key === 'r' || event.key === 'R')) this.acts.turn(change, event.shiftKey ? -15 : 15);
    else if (change && (event.key === 'Delete' || event.key === 'Backspace')) this.acts.remove(change);
    else return;
    event.preventDefault();
  }

  /** Moves what is chosen by metres, else the map; Shift makes it a metre, Alt a centimetre. */
  private arrow([right, up]: [number, number], step: number, change: Change | undefined): void {
    if (change && this.acts.canMove(change)) this.acts.nudge(change, right * step, up * step, this.map.getBearing());
    else this.steps.pan(right, -up);
  }

  private enter(alt: boolean): void {
    const at = this.steps.settle();
    this.click(this.map.project(at), at.toArray(), alt);
  }

  private escape(): void {
    if (this.shop.tool.type !== 'none') this.acts.setTool({ type: 'none' });
    else this.acts.letGo();
  }

  // --- camera -----------------------------------------------------------------------------------------------

  /** Keeps the chosen place in the part of the map that no sheet covers. */
  reveal(geometry: Geometry, margin = 70): void {
    const at = this.map.project(centre(geometry) as [number, number]);
    const { clientWidth: width, clientHeight: height } = this.box;
    const { bottom, left } = this.covered;
    // Where it will be once the map has moved into the free part: half of what that part loses.
    const now = this.map.getPadding();
    const x = at.x + (left - (now.left ?? 0)) / 2;
    const y = at.y - (bottom - (now.bottom ?? 0)) / 2;
    if (x > left + margin && x < width - margin && y > margin && y < height - bottom - margin) return;
    this.map.easeTo({ center: centre(geometry) as [number, number], padding: this.covered, duration: calm() ? 0 : 220 });
  }

  /** The part of the map that a sheet below or a panel at the left covers, in pixels. */
  freePart(bottom: number, left = 0): void {
    if (Math.abs(this.covered.bottom - bottom) < 2 && Math.abs(this.covered.left - left) < 2) return;
    this.covered = { top: 0, left, right: 0, bottom };
    this.map.easeTo({ padding: this.covered, duration: calm() ? 0 : 220 });
  }

  show(geometry: Geometry): void {
    this.map.easeTo({ center: centre(geometry) as [number, number], zoom: Math.max(this.map.getZoom(), 19), duration: calm() ? 0 : 600 });
  }
}

const feature = (geometry: Geometry, properties: Record<string, unknown> = {}): Feature => ({ type: 'Feature', properties, geometry });

function asChange(geometry: Geometry, kind: string): Change {
  return { key: '', action: 'keep', kind: null, object: null, objectKind: kind, geometry, rotation: 0, width: null };
}

/** The change after its grip was pulled from one place to another. */
export function pulled(change: Change, grip: Grip, from: Position, to: Position): Change {
  const [east, north] = difference(from, to);
  if (grip.role === 'whole') return { ...change, geometry: translated(change.geometry, east, north) };
  if (grip.role === 'turn') {
    const [x, y] = difference(centre(change.geometry), to);
    const rotation = normalDegrees(Math.round((Math.atan2(x, y) * 180) / Math.PI));
    const geometry = shapeOf(change.geometry) === 'point' ? change.geometry : turned(change.geometry, rotation - change.rotation);
    return { ...change, rotation, geometry };
  }
  const all = [...corners(change.geometry)];
  if (grip.role === 'between') all.splice(grip.index + 1, 0, to);
  else all[grip.index] = to;
  const closed = change.geometry.type === 'Polygon';
  const geometry = closed ? { ...change.geometry, coordinates: [[...all, all[0]!], ...(change.geometry as Polygon).coordinates.slice(1)] } : { ...change.geometry, coordinates: all };
  return { ...change, geometry: geometry as Geometry };
}
