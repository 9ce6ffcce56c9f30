/**
 * Snapping: where an element lands when it is held near a kerb, a façade, a row of bays or a street's axis, and which way it
 * then points. Pure geometry in metres (see `plane.ts`); the same place and the same street always give the same answer.
 *
 * A kerb is where a walking surface meets a carriageway or a bay; a façade where a building meets what is not one. Both are
 * read from the surfaces on either side of an edge, so that seams between two pieces of pavement are no kerb.
 */
import { along, apart, cross, degreesOf, dot, footOn, holds, left, length, minus, near, segments, surfaceAt, unit, type Patch, type Vec } from './plane';

export type EdgeKind = 'kerb' | 'facade' | 'bay' | 'axis';

/** Size of an element in metres: across its heading, and along it. */
export interface Body {
  width: number;
  length: number;
  /** It lies with its length at a right angle to the edge, as a perpendicular parking bay does. */
  across?: boolean;
  /** It is itself a parking bay, which continues a row of bays. */
  bay?: boolean;
}

export interface Snap {
  /** Middle of the element. */
  at: Vec;
  /** Heading in degrees clockwise from north, 0 up to 180. */
  rotation: number;
  to: EdgeKind;
  /** The edge it lies along. */
  edge: [Vec, Vec];
  /** How far it was moved, in metres. */
  shift: number;
}

/** How far on either side of an edge to look at what lies there, in metres. */
const PROBE = 0.25;
/** Where two edges are about as near, the first of these wins. */
const BIAS: Record<EdgeKind, number> = { kerb: 0, facade: 0, bay: 0.1, axis: 0.2 };
/** Shorter edges are corners of a drawing, not edges of a street; in metres. */
const SHORTEST_EDGE = 0.4;
/** Longer than any single bay, in metres: a row of bays drawn as one. */
const STRIP = 7;

interface EdgeHere {
  kind: EdgeKind;
  /** Unit vector to the side where things may stand; either side counts where null. */
  free: Vec | null;
}

/** What kind of edge runs through a point; `direction` is its unit vector. */
export function edgeAt(patches: readonly Patch[], foot: Vec, direction: Vec): EdgeHere | null {
  const side = left(direction);
  const here = surfaceAt(patches, along(foot, side, PROBE));
  const there = surfaceAt(patches, along(foot, side, -PROBE));
  if (here === 'building' && there === 'building') return null;
  if (here === 'building') return { kind: 'facade', free: [-side[0], -side[1]] };
  if (there === 'building') return { kind: 'facade', free: side };
  const roads = (one: string | null) => one === 'road' || one === 'bay';
  if ((here === 'walk' && roads(there)) || (there === 'walk' && roads(here))) return { kind: 'kerb', free: null };
  if (here !== there && (here === 'bay' || there === 'bay')) return { kind: 'bay', free: null };
  return null;
}

/** Where an element comes to lie, at most `reach` metres from where it is held; null when nothing is near enough. */
export function snapBody(at: Vec, body: Body, patches: readonly Patch[], reach: number, kinds: readonly EdgeKind[]): Snap | null {
  const beside = body.bay && kinds.includes('bay') ? besideBay(at, body, patches, reach) : null;
  if (beside) return beside;
  const half = (body.across ? body.length : body.width) / 2;
  const around = near(patches, at, reach + half + PROBE);
  let best: Snap | null = null;
  for (const { a, b, of } of segments(around)) {
    const direction = unit(minus(b, a));
    if (!direction || apart(a, b) < SHORTEST_EDGE) continue;
    const found = of.surface === 'axis' ? onAxis(at, a, b, direction, body, kinds) : besideEdge(at, a, b, direction, half, body, around, kinds);
    if (!found || found.shift > reach) continue;
    if (!best || found.shift + BIAS[found.to] < best.shift + BIAS[best.to] - 1e-9) best = found;
  }
  return best;
}

/** Beside a segment: its side touches the edge, on the side where it is held. */
function besideEdge(at: Vec, a: Vec, b: Vec, direction: Vec, half: number, body: Body, around: readonly Patch[], kinds: readonly EdgeKind[]): Snap | null {
  const { foot, part } = footOn(a, b, at);
  if (part <= 0 || part >= 1) return null;
  const edge = edgeAt(around, foot, direction);
  if (!edge || !kinds.includes(edge.kind)) return null;
  const held: Vec = cross(direction, minus(at, a)) >= 0 ? left(direction) : [-left(direction)[0], -left(direction)[1]];
  const side = edge.free ?? held;
  const middle = along(foot, side, half);
  return { at: middle, rotation: headingAlong(direction, body), to: edge.kind, edge: [a, b], shift: apart(at, middle) };
}

function onAxis(at: Vec, a: Vec, b: Vec, direction: Vec, body: Body, kinds: readonly EdgeKind[]): Snap | null {
  if (!kinds.includes('axis')) return null;
  const { foot } = footOn(a, b, at);
  return { at: foot, rotation: headingAlong(direction, body), to: 'axis', edge: [a, b], shift: apart(at, foot) };
}

/** Lengthwise along an edge, or with its length at a right angle to it. */
function headingAlong(direction: Vec, body: Body): number {
  return degreesOf(body.across ? left(direction) : direction) % 180;
}

/** The sides of the smallest rectangle around a ring that lies along its longest edge. */
export function boxOf(ring: readonly Vec[]): { middle: Vec; axis: Vec; length: number; width: number } | null {
  let axis: Vec | null = null;
  let longest = 0;
  for (let i = 1; i < ring.length; i++) {
    const side = minus(ring[i]!, ring[i - 1]!);
    if (length(side) > longest) [longest, axis] = [length(side), unit(side)];
  }
  if (!axis) return null;
  const across = left(axis);
  const us = ring.map((corner) => dot(corner, axis));
  const vs = ring.map((corner) => dot(corner, across));
  const [u0, u1, v0, v1] = [Math.min(...us), Math.max(...us), Math.min(...vs), Math.max(...vs)];
  const middle: Vec = along([axis[0] * ((u0 + u1) / 2), axis[1] * ((u0 + u1) / 2)], across, (v0 + v1) / 2);
  const [length_, width] = [u1 - u0, v1 - v0];
  return length_ >= width ? { middle, axis, length: length_, width } : { middle, axis: across, length: width, width: length_ };
}

/**
 * Against a bay that is there, in line with it. Bays along the street go end to end, perpendicular ones side by side. Maps
 * often have a whole row of bays as one long strip: there perpendicular bays too come at its end, at a right angle to it.
 */
function besideBay(at: Vec, body: Body, patches: readonly Patch[], reach: number): Snap | null {
  const bays = near(patches, at, reach + body.length + body.width).filter((one) => one.surface === 'bay');
  let best: Snap | null = null;
  for (const bay of bays) {
    const box = boxOf(bay.rings[0] ?? []);
    if (!box) continue;
    const strip = box.length > 2.5 * box.width && box.length > STRIP;
    const sideBySide = body.across && !strip;
    const row = sideBySide ? left(box.axis) : box.axis;
    const extent = sideBySide ? box.width : box.length;
    const own = body.across ? body.width : body.length;
    for (const sign of [1, -1]) {
      const middle = along(box.middle, row, (sign * (extent + own)) / 2);
      const shift = apart(at, middle);
      if (shift > reach || (best && shift >= best.shift) || bays.some((other) => holds(other, middle))) continue;
      const end = along(box.middle, row, (sign * extent) / 2);
      const half = (sideBySide ? box.length : box.width) / 2;
      const rotation = degreesOf(body.across ? left(row) : row) % 180;
      best = { at: middle, rotation, to: 'bay', edge: [along(end, left(row), half), along(end, left(row), -half)], shift };
    }
  }
  return best;
}

export interface PointSnap {
  at: Vec;
  to: EdgeKind;
  edge: [Vec, Vec];
  shift: number;
}

/** A corner of a line or area: onto a corner of an edge when that is near, else onto the edge. */
export function snapPoint(at: Vec, patches: readonly Patch[], reach: number, kinds: readonly EdgeKind[]): PointSnap | null {
  const around = near(patches, at, reach + PROBE);
  let best: { snap: PointSnap; score: number } | null = null;
  for (const { a, b, of } of segments(around)) {
    const direction = unit(minus(b, a));
    if (!direction) continue;
    const { foot } = footOn(a, b, at);
    const corner = [a, b].find((end) => apart(end, at) <= reach / 2);
    const place = corner ?? foot;
    const shift = apart(at, place);
    if (shift > reach) continue;
    const kind = of.surface === 'axis' ? 'axis' : edgeAt(around, inward(a, b, foot), direction)?.kind;
    if (!kind || !kinds.includes(kind)) continue;
    const score = shift + BIAS[kind] - (corner ? reach : 0);
    if (!best || score < best.score - 1e-9) best = { snap: { at: place, to: kind, edge: [a, b], shift }, score };
  }
  return best?.snap ?? null;
}

/** A little from the ends of an edge: a corner belongs to two of them, and its kind is read beside it. */
function inward(a: Vec, b: Vec, foot: Vec): Vec {
  const whole = apart(a, b);
  const margin = Math.min(PROBE, whole / 2);
  return along(a, unit(minus(b, a))!, Math.max(margin, Math.min(whole - margin, apart(a, foot))));
}
