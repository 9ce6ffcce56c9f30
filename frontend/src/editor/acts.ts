/** Everything one can do to the drawing, by mouse, touch, keyboard or from the list; each says what it did. */
import type { Geometry, Position } from 'geojson';
import { announce } from '../core/dom';
import { centre, difference, footprint, normalDegrees, rectangle, scaled, screenToGround, size, translated, turned } from '../core/geo';
import { kindName, t } from '../core/texts';
import { heading, newKey, shapeOf, type Action, type Change, type ElementKind } from './model';
import type { Suggestion } from './checker';
import type { Spot } from './rows';
import type { Shop, StreetThing } from './shop';
import { snapWords, type Landed, type Snapped } from './snapper';

/** As many changes as one design may have; the server holds the same limit. */
const MOST_CHANGES = 200;

/** Where something lands that was held near an edge. */
type Landing = Pick<Snapped, 'position' | 'rotation' | 'to'>;

export class Acts {
  /** Called with a sentence that people must see too, not only hear. */
  onRefused: (sentence: string) => void = () => undefined;
  onTool: () => void = () => undefined;

  constructor(private readonly shop: Shop) {}

  private say(sentence: string): void {
    announce(sentence);
  }

  private refuse(sentence: string): false {
    this.onRefused(sentence);
    return false;
  }

  place(kind: ElementKind, geometry: Geometry, rotation = 0, more = ''): boolean {
    if (!this.shop.allows(kind)) return this.refuse(t('kindNotAllowed', { name: kind.name }));
    if (!this.shop.inside(geometry)) return this.refuse(this.shop.refusal(geometry) ?? t('outside'));
    this.add({ action: 'add', kind: kind.id, object: null, objectKind: null, geometry, rotation });
    this.say([t('placed', { name: kind.name }), more].filter(Boolean).join(' '));
    return true;
  }

  /** What one tap would place: long things lie along their edge, else along the street, which is level on the screen. */
  would(kind: ElementKind, way: 'point' | 'stamp', position: Position, bearing: number, snap: Landing | null = null): { geometry: Geometry; rotation: number } {
    const at = snap?.position ?? position;
    const along = snap ? snap.rotation : normalDegrees(Math.round(bearing + 90));
    if (way === 'stamp') return { geometry: footprint(at, kind.width_m ?? 2, kind.length_m ?? 2, along), rotation: 0 };
    const long = kind.length_m !== null && kind.length_m !== kind.width_m;
    return { geometry: { type: 'Point', coordinates: at }, rotation: long || snap ? along : 0 };
  }

  placeAt(kind: ElementKind, way: 'point' | 'stamp', position: Position, bearing: number, snap: Landing | null = null): boolean {
    const { geometry, rotation } = this.would(kind, way, position, bearing, snap);
    return this.place(kind, geometry, rotation, snap ? t('snapped', { edge: snapWords(snap.to) }) : '');
  }

  /** The same element on many spots, as one act: one undo takes all away. */
  placeRow(kind: ElementKind, spots: readonly Spot[]): boolean {
    if (!this.shop.allows(kind)) return this.refuse(t('kindNotAllowed', { name: kind.name }));
    const long = kind.length_m !== null && kind.length_m !== kind.width_m;
    const inside = spots.filter(({ at }) => this.shop.inside({ type: 'Point', coordinates: at }));
    if (inside.length === 0) return this.refuse((spots[0] && this.shop.refusal({ type: 'Point', coordinates: spots[0].at })) ?? t('outside'));
    if (this.shop.store.state.changes.length + inside.length > MOST_CHANGES) return this.refuse(t('tooMany', { max: MOST_CHANGES }));
    const changes = inside.map(({ at, rotation }): Change => ({
      key: newKey(), action: 'add', kind: kind.id, object: null, objectKind: null, width: null,
      geometry: { type: 'Point', coordinates: at }, rotation: long ? rotation : 0,
    }));
    this.shop.store.dispatch({ type: 'addAll', changes });
    const skipped = spots.length - inside.length;
    this.say([t('rowPlaced', { n: inside.length, name: kind.name }), skipped ? t('rowOutside', { n: skipped }) : ''].filter(Boolean).join(' '));
    return true;
  }

  private add(part: Omit<Change, 'key' | 'width'>): void {
    this.shop.picked = null;
    this.shop.store.dispatch({ type: 'add', change: { key: newKey(), width: null, ...part } });
  }

  /** A kind that is a change to something that exists: taking a bay away, or making it a shared-car bay. */
  changeThing(kind: ElementKind, thing: StreetThing): boolean {
    if (thing.kind !== kind.applies_to) return this.refuse(t('pickWanted', { kind: kindName(kind.applies_to).toLowerCase() }));
    return kind.becomes === null ? this.thing('remove', thing) : this.replaceThing(thing, kind);
  }

  /** Weghalen, houden, verplaatsen, vervangen: one change per existing thing. */
  thing(action: Action, thing: StreetThing, geometry: Geometry = thing.geometry, kind: ElementKind | null = null, rotation = 0, more = ''): boolean {
    const kept = action === 'remove' || action === 'replace' ? this.shop.keeps(thing, kind) : null;
    if (kept) return this.refuse(t('kindNotAllowed', { name: kept.name }));
    // What is there may stick out of the area: only a new place has to lie inside.
    const inside = action === 'move' ? this.shop.inside(geometry) : this.shop.touches(geometry);
    if (!inside) return this.refuse(this.shop.refusal(geometry) ?? t('outside'));
    const fixed = action === 'keep' ? null : this.shop.zoned(thing.geometry);
    if (fixed) return this.refuse(fixed);
    const { store } = this.shop;
    const earlier = store.state.changes.find((change) => String(change.object) === String(thing.id));
    const part = { action, kind: kind?.id ?? null, geometry, rotation };
    this.shop.things.set(String(thing.id), thing);
    if (earlier) store.dispatch({ type: 'update', key: earlier.key, patch: part });
    else this.add({ ...part, object: thing.id, objectKind: thing.kind });
    this.shop.picked = null;
    store.dispatch({ type: 'select', key: store.state.changes.find((c) => String(c.object) === String(thing.id))?.key ?? null });
    const words = { remove: 'actionRemove', keep: 'actionKeep', move: 'actionMove', replace: 'actionReplace', add: 'actionAdd' } as const;
    this.say([`${this.shop.thingName(thing)}: ${t(words[action])}.`, more].filter(Boolean).join(' '));
    return true;
  }

  /** The change that puts a thing's whole shape with its middle at a new place. */
  movedThing(thing: StreetThing, to: Position): Change {
    const geometry = translated(thing.geometry, ...difference(centre(thing.geometry), to));
    return { key: '', action: 'move', kind: null, object: thing.id, objectKind: thing.kind, geometry, rotation: 0, width: null };
  }

  moveThing(thing: StreetThing, to: Position, landed: Landed | null = null): boolean {
    const { geometry, rotation } = landed?.change ?? this.movedThing(thing, to);
    return this.thing('move', thing, geometry, null, rotation, landed ? t('snapped', { edge: snapWords(landed.snap.to) }) : '');
  }

  replaceThing(thing: StreetThing, kind: ElementKind): boolean {
    if (!this.shop.allows(kind)) return this.refuse(t('kindNotAllowed', { name: kind.name }));
    const form = shapeOf(thing.geometry);
    if (kind.geometry.includes(form)) return this.thing('replace', thing, thing.geometry, kind);
    if (!kind.geometry.includes('point')) return this.refuse(t('wrongShape', { name: kind.name }));
    return this.thing('replace', thing, { type: 'Point', coordinates: centre(thing.geometry) }, kind);
  }

  canMove(change: Change): boolean {
    return change.action === 'add' || change.action === 'move';
  }

  /** Moves by metres on the screen, whatever way the map is turned; steps soon after each other are one act. */
  nudge(change: Change, right: number, up: number, bearing: number): boolean {
    if (!this.canMove(change)) return false;
    const geometry = translated(change.geometry, ...screenToGround(right, up, bearing));
    if (!this.shop.inside(geometry)) return this.refuse(t('outside'));
    this.shop.store.dispatch({ type: 'update', key: change.key, patch: { geometry }, shiftedAt: Date.now() });
    this.say(t('moved', { name: this.shop.nameOf(change) }));
    return true;
  }

  reshape(change: Change, geometry: Geometry, sentence = t('moved', { name: this.shop.nameOf(change) }), rotation = change.rotation): boolean {
    if (!this.shop.inside(geometry)) return this.refuse(this.shop.refusal(geometry) ?? t('outside'));
    this.shop.store.dispatch({ type: 'update', key: change.key, patch: { geometry, rotation } });
    this.say(sentence);
    return true;
  }

  turn(change: Change, degrees: number): boolean {
    return this.turnTo(change, normalDegrees(change.rotation + degrees));
  }

  turnTo(change: Change, rotation: number, said = rotation): boolean {
    if (!this.canMove(change)) return false;
    const point = shapeOf(change.geometry) === 'point';
    const geometry = point ? change.geometry : turned(change.geometry, rotation - change.rotation);
    if (!this.shop.inside(geometry)) return this.refuse(this.shop.refusal(geometry) ?? t('outside'));
    this.shop.store.dispatch({ type: 'update', key: change.key, patch: { rotation, geometry } });
    this.say(t('turnedTo', { name: this.shop.nameOf(change), n: Math.round(said) }));
    return true;
  }

  /** Takes the way out that the checks found: another place, turn or kind. */
  follow(change: Change, way: Suggestion): boolean {
    if (!this.shop.inside(way.geometry)) return this.refuse(this.shop.refusal(way.geometry) ?? t('outside'));
    const patch: Partial<Change> = { geometry: way.geometry, rotation: way.rotation_deg ?? change.rotation };
    if (way.kind !== null) patch.kind = way.kind;
    this.shop.store.dispatch({ type: 'update', key: change.key, patch });
    const now = this.shop.store.state.changes.find((c) => c.key === change.key) ?? change;
    this.say(t('suggestionTaken', { name: this.shop.nameOf(now) }));
    return true;
  }

  /** Points it a way: degrees clockwise from north. */
  headTo(change: Change, degrees: number): boolean {
    return this.turnTo(change, normalDegrees(change.rotation + degrees - heading(change)), degrees);
  }

  /** Sets its width or length in metres; the middle stays where it is. */
  resize(change: Change, sizes: { width?: number; length?: number }): boolean {
    if (change.action !== 'add') return false;
    const { geometry } = change;
    const patch: Partial<Change> = {};
    const box = rectangle(geometry);
    if (box) patch.geometry = footprint(centre(geometry), sizes.width ?? box.width, sizes.length ?? box.length, box.rotation);
    else {
      if (sizes.width !== undefined) patch.width = sizes.width;
      if (sizes.length !== undefined && geometry.type === 'LineString') patch.geometry = scaled(geometry, sizes.length / size(geometry));
    }
    if (patch.geometry && !this.shop.inside(patch.geometry)) return this.refuse(this.shop.refusal(patch.geometry) ?? t('outside'));
    this.shop.store.dispatch({ type: 'update', key: change.key, patch });
    const now = this.shop.store.state.changes.find((c) => c.key === change.key);
    this.say(t('resized', { name: this.shop.nameOf(change), size: now ? this.shop.sizeOf(now) : '' }));
    return true;
  }

  /** Once more, two metres further: to the first side that still lies inside the area. */
  duplicate(change: Change): boolean {
    if (change.action !== 'add') return false;
    const sides: [number, number][] = [[2, 0], [-2, 0], [0, 2], [0, -2]];
    const geometry = sides.map(([e, n]) => translated(change.geometry, e, n)).find((moved) => this.shop.inside(moved));
    if (!geometry) return this.refuse(t('outside'));
    this.shop.store.dispatch({ type: 'add', change: { ...change, key: newKey(), geometry } });
    this.say(t('duplicated', { name: this.shop.nameOf(change) }));
    return true;
  }

  remove(change: Change): void {
    const name = this.shop.nameOf(change);
    this.shop.store.dispatch({ type: 'remove', key: change.key });
    this.say(t('removedChange', { name }));
  }

  select(key: string | null): void {
    this.shop.picked = null;
    this.shop.store.dispatch({ type: 'select', key });
    const change = this.shop.store.selected;
    this.say(change ? t('selected', { name: this.shop.nameOf(change) }) : t('deselected'));
    this.onTool();
  }

  pick(thing: StreetThing): void {
    this.shop.store.dispatch({ type: 'select', key: null });
    this.shop.picked = thing;
    this.say(`${t('existingThing', { name: this.shop.thingName(thing) })}. ${t('pickQuestion')}`);
    this.onTool();
  }

  letGo(): void {
    this.shop.picked = null;
    this.shop.store.dispatch({ type: 'select', key: null });
    this.onTool();
  }

  undo(): void {
    const before = this.shop.store.state;
    this.shop.store.dispatch({ type: 'undo' });
    if (this.shop.store.state !== before) this.say(t('undone'));
  }

  redo(): void {
    const before = this.shop.store.state;
    this.shop.store.dispatch({ type: 'redo' });
    if (this.shop.store.state !== before) this.say(t('redone'));
  }

  setTool(tool: Shop['tool']): void {
    this.shop.tool = tool;
    if (tool.type !== 'none') {
      this.shop.picked = null;
      this.shop.store.dispatch({ type: 'select', key: null });
    }
    this.onTool();
  }
}

