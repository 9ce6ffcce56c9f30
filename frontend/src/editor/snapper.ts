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
    const others = without ? changes.filter((change) => change.key !== without.key) : changes;
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
  whole(change: Change, turnedOff: boolean): { change: Change; snap: Snapped } | null {
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

  /** A corner of a change that is being pulled. */
  cornerOf(change: Change, index: number, turnedOff: boolean): Snapped | null {
    const at = corners(change.geometry)[index];
    return at ? this.corner(at, turnedOff) : null;
  }
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
