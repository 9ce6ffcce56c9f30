/** Snapping at work: what the tool in hand or the element being pulled does near the edges of the street. */
import type { Position } from 'geojson';
import { centre, corners, footprint, normalDegrees, rectangle, translated, difference } from '../core/geo';
import { t, type Key } from '../core/texts';
import type { Change, ElementKind } from './model';
import { shapeOf } from './model';
import { snapBody, snapPoint, type Body, type EdgeKind } from './snap';
import type { Shop } from './shop';
import type { Street } from './street';

/** An edge pulls from so far: in pixels on the screen, and never from farther than so many metres. */
const REACH_PX = 16;
const REACH_M = 1.5;

const ALL: readonly EdgeKind[] = ['kerb', 'facade', 'bay', 'axis'];

export interface Snapped {
  position: Position;
  rotation: number;
  to: EdgeKind;
  /** The edge it lies along, to show. */
  edge: Position[];
}

/** A change that was held near an edge, as it comes to lie there. */
export interface Landed {
  change: Change;
  snap: Snapped;
}

/** Width and length in metres of existing things that the map knows as a point; the checks of the server hold the same. */
export const POINT_SIZES: Record<string, readonly [number, number]> = {
  tree: [0.3, 0.3], lamp: [0.2, 0.2], bollard: [0.2, 0.2], bus_stop: [0.1, 0.1], charger: [0.3, 0.3], hydrant: [0.2, 0.2],
  bench: [0.6, 1.8], bike_stand: [0.6, 1.8], container: [0.8, 0.8], planter: [1, 1], play: [1.5, 1.5],
};

const WORDS: Record<EdgeKind, Key> = { kerb: 'snapKerb', facade: 'snapFacade', bay: 'snapBay', axis: 'snapAxis' };
export const snapWords = (to: EdgeKind): string => t(WORDS[to]);

export class Snapper {
  /** The switch; holding Alt turns it around for as long as it is held. */
  on = true;

  constructor(
    private readonly shop: Shop,
    private readonly street: Street,
    private readonly metresPerPixel: () => number,
  ) {}

  private get reach(): number {
    return Math.min(REACH_M, REACH_PX * this.metresPerPixel());
  }

  private patches(without: Change | null = null) {
    const { changes } = this.shop.store.state;
    const rest = without ? changes.filter((change) => change.key !== without.key) : changes;
    // An existing thing that is being moved is no longer where it was.
    const others = without && without.object !== null ? [...rest, without] : rest;
    return this.street.patches(others, (change) => this.shop.kindOf(change));
  }

  /** Where a new element of this kind lands when it is held at a place; null: right there. */
  place(kind: ElementKind, position: Position, turnedOff: boolean): Snapped | null {
    return this.body(bodyOf(kind), edgesFor(kind), position, turnedOff, null);
  }

  private body(body: Body, edges: readonly EdgeKind[], position: Position, turnedOff: boolean, without: Change | null): Snapped | null {
    if (this.on === turnedOff) return null;
    const snap = snapBody(this.street.local(position), body, this.patches(without), this.reach, edges);
    return snap && { position: this.street.position(snap.at), rotation: snap.rotation, to: snap.to, edge: snap.edge.map((end) => this.street.position(end)) };
  }

  /** Where a corner of a line or area lands. */
  corner(position: Position, turnedOff: boolean): Snapped | null {
    if (this.on === turnedOff) return null;
    const snap = snapPoint(this.street.local(position), this.patches(), this.reach, ALL);
    return snap && { position: this.street.position(snap.at), rotation: 0, to: snap.to, edge: snap.edge.map((end) => this.street.position(end)) };
  }

  /** A change that is being pulled as a whole: along an edge, its middle there and turned that way. */
  whole(change: Change, turnedOff: boolean): Landed | null {
    if (change.action === 'move') return this.existing(change, turnedOff);
    const kind = this.shop.kindOf(change);
    const box = rectangle(change.geometry);
    if (!kind || change.action !== 'add' || (shapeOf(change.geometry) !== 'point' && !box)) return null;
    const usual = bodyOf(kind);
    const body = box ? { ...usual, width: box.width, length: box.length } : { ...usual, width: change.width ?? usual.width };
    const snap = this.body(body, edgesFor(kind), centre(change.geometry), turnedOff, change);
    if (!snap) return null;
    const moved = box
      ? { ...change, geometry: footprint(snap.position, body.width, body.length, snap.rotation), rotation: normalDegrees(change.rotation + snap.rotation - box.rotation) }
      : { ...change, geometry: translated(change.geometry, ...difference(centre(change.geometry), snap.position)), rotation: snap.rotation };
    return { change: moved, snap };
  }

  /** The same for a thing that exists, which is not of the catalogue: its own size, or what is assumed of its kind. */
  private existing(change: Change, turnedOff: boolean): Landed | null {
    const kind = change.objectKind ?? this.shop.things.get(String(change.object))?.kind ?? '';
    const middle = centre(change.geometry);
    if (shapeOf(change.geometry) === 'point') {
      const size = POINT_SIZES[kind];
      const snap = size ? this.body({ width: size[0], length: size[1] }, edgesOfThing(kind), middle, turnedOff, change) : null;
      return snap && { change: { ...change, geometry: translated(change.geometry, ...difference(middle, snap.position)), rotation: snap.rotation }, snap };
    }
    const box = longWays(rectangle(change.geometry));
    if (!box) return null;
    const body = { width: box.width, length: box.length, across: this.liesAcross(change), bay: kind === 'parking' };
    const snap = this.body(body, edgesOfThing(kind), middle, turnedOff, change);
    if (!snap) return null;
    const geometry = footprint(snap.position, box.width, box.length, snap.rotation);
    return { change: { ...change, geometry, rotation: normalDegrees(change.rotation + snap.rotation - box.rotation) }, snap };
  }

  /** Whether a thing lies with its long side at a right angle to its kerb, where it is now. */
  private liesAcross(change: Change): boolean {
    const thing = this.shop.things.get(String(change.object));
    const box = thing && longWays(rectangle(thing.geometry));
    if (!thing || !box) return false;
    const patches = this.street.patches([], (other) => this.shop.kindOf(other));
    const kerb = snapPoint(this.street.local(centre(thing.geometry)), patches, box.length, ['kerb']);
    if (!kerb) return false;
    const [[x0, y0], [x1, y1]] = kerb.edge;
    const between = Math.abs(normalDegrees((Math.atan2(x1 - x0, y1 - y0) * 180) / Math.PI - box.rotation + 90) % 180 - 90);
    return between > 45;
  }

  /** A corner of a change that is being pulled. */
  cornerOf(change: Change, index: number, turnedOff: boolean): Snapped | null {
    const at = corners(change.geometry)[index];
    return at ? this.corner(at, turnedOff) : null;
  }
}

type Box = NonNullable<ReturnType<typeof rectangle>>;

/** A rectangle with its longer side as its length, whichever corner it was drawn from. */
function longWays(box: Box | null): Box | null {
  return box && box.width > box.length ? { width: box.length, length: box.width, rotation: normalDegrees(box.rotation + 90) } : box;
}

/** How big a kind is on the ground; what has no size yet is a point. */
export function bodyOf(kind: ElementKind): Body {
  const width = kind.width_m ?? 0;
  return { width, length: kind.length_m ?? width, across: kind.id === 'parking_perpendicular', bay: kind.group === 'parking' && kind.becomes === 'parking' };
}

/** The edges that mean something to a kind. */
export function edgesFor(kind: ElementKind): readonly EdgeKind[] {
  if (kind.id === 'facade_garden') return ['facade'];
  if (kind.group === 'parking') return ['bay', 'kerb'];
  if (kind.group === 'traffic') return ['axis', 'kerb'];
  return ['kerb', 'facade', 'bay'];
}

/** The same for what exists, by the street's own kinds. */
function edgesOfThing(kind: string): readonly EdgeKind[] {
  if (kind === 'parking') return ['bay', 'kerb'];
  if (kind === 'crossing') return ['axis', 'kerb'];
  return ['kerb', 'facade', 'bay'];
}
