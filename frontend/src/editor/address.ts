/**
 * From "street and number, side of the street, so far from the façade or the kerb" to a place on the ground. Pure geometry in
 * metres (see `plane.ts`): a line from the house straight across its street, and what lies along it.
 */
import { along, apart, degreesOf, dot, footOn, left, minus, near, segments, surfaceAt, unit, type Patch, type Surface, type Vec } from './plane';

export interface Span {
  /** Metres from the beginning of the line. */
  from: number;
  to: number;
  surface: Surface | null;
}

/** The street as one crosses it from a house: places on the line, in metres from the house; null where the map does not know. */
export interface Crossing {
  house: Vec;
  /** Unit vector from the house to the other side. */
  direction: Vec;
  facade: number | null;
  kerb: number | null;
  farKerb: number | null;
  farFacade: number | null;
}

export type Side = 'here' | 'there';
/** What a distance is measured from: the façade, the kerb on the pavement, or the kerb on the carriageway. */
export type From = 'facade' | 'kerb' | 'road';

/** A house belongs to a street whose axis is at most so far, in metres. */
const OWN_STREET = 60;
const ANY_STREET = 40;
/** How far to look past the axis, and behind the house's own point, in metres. */
const BEYOND = 40;
const BEHIND = 30;
/** Slivers between two surfaces that should touch, in metres. */
const SLIVER = 0.02;

/** What lies along a line, from 0 to `reach` metres. */
export function spans(origin: Vec, direction: Vec, reach: number, patches: readonly Patch[]): Span[] {
  const middle = along(origin, direction, reach / 2);
  const around = near(patches, middle, reach / 2).filter((one) => one.surface !== 'axis');
  const cuts = new Set<number>([0, reach]);
  for (const { a, b } of segments(around)) {
    const at = meeting(origin, direction, a, b);
    if (at !== null && at > 0 && at < reach) cuts.add(at);
  }
  const sorted = [...cuts].sort((a, b) => a - b);
  const found: Span[] = [];
  for (let i = 1; i < sorted.length; i++) {
    const [from, to] = [sorted[i - 1]!, sorted[i]!];
    if (to - from < SLIVER) continue;
    const surface = surfaceAt(around, along(origin, direction, (from + to) / 2));
    const last = found.at(-1);
    if (last && last.surface === surface) last.to = to;
    else found.push({ from: last ? last.to : from, to, surface });
  }
  return found;
}

/** Metres along a line to where it meets a segment; null where it does not. */
function meeting(origin: Vec, direction: Vec, a: Vec, b: Vec): number | null {
  const side = minus(b, a);
  const across = direction[0] * side[1] - direction[1] * side[0];
  if (Math.abs(across) < 1e-12) return null;
  const [dx, dy] = minus(a, origin);
  const metres = (dx * side[1] - dy * side[0]) / across;
  const part = (dx * direction[1] - dy * direction[0]) / across;
  return part >= 0 && part <= 1 ? metres : null;
}

/** Straight across the street on which a house stands; null where the map knows no street near it. */
export function crossingAt(house: Vec, street: string | null, patches: readonly Patch[]): Crossing | null {
  const to = towardsStreet(house, street, patches);
  if (!to) return null;
  const ahead = spans(house, to.direction, to.metres + BEYOND, patches);
  const isRoad = (span: Span) => span.surface === 'road' || span.surface === 'bay';
  const firstRoad = ahead.findIndex(isRoad);
  if (firstRoad < 0) return null;
  const before = ahead.slice(0, firstRoad);
  const wall = before.filter((span) => span.surface === 'building').at(-1);
  const pavement = before.filter((span) => span.surface === 'walk' && span.from >= (wall?.to ?? 0) - SLIVER).at(-1);
  const opposite = ahead.findIndex((span, i) => i > firstRoad && span.surface === 'building');
  const across = ahead.slice(0, opposite < 0 ? ahead.length : opposite);
  const lastRoad = across.filter(isRoad).at(-1)!;
  const farPavement = across.find((span) => span.surface === 'walk' && span.from >= lastRoad.to - SLIVER);
  return {
    house,
    direction: to.direction,
    facade: wall ? wall.to : behind(house, to.direction, patches),
    kerb: pavement ? pavement.to : ahead[firstRoad]!.from,
    farKerb: farPavement ? farPavement.from : lastRoad.to,
    farFacade: opposite < 0 ? null : ahead[opposite]!.from,
  };
}

/** Where the point of an address lies on the pavement, its façade is behind it. */
function behind(house: Vec, [x, y]: Vec, patches: readonly Patch[]): number | null {
  const wall = spans(house, [-x, -y], BEHIND, patches).find((span) => span.surface === 'building');
  return wall ? -wall.from : null;
}

function towardsStreet(house: Vec, street: string | null, patches: readonly Patch[]): { direction: Vec; metres: number } | null {
  const own = nearest(house, patches, OWN_STREET, (one) => one.surface === 'axis' && street !== null && one.name === street);
  const axis = own ?? nearest(house, patches, ANY_STREET, (one) => one.surface === 'axis');
  if (axis) {
    // At a right angle to the axis, also for a house just past its end.
    const side = left(axis.direction);
    const metres = dot(minus(axis.foot, house), side);
    const direction: Vec = metres >= 0 ? side : [-side[0], -side[1]];
    return { direction, metres: Math.abs(metres) };
  }
  const road = nearest(house, patches, ANY_STREET, (one) => one.surface === 'road');
  const direction = road && unit(minus(road.foot, house));
  return road && direction ? { direction, metres: apart(house, road.foot) } : null;
}

function nearest(at: Vec, patches: readonly Patch[], reach: number, wanted: (one: Patch) => boolean): { foot: Vec; direction: Vec } | null {
  let best: { foot: Vec; direction: Vec; metres: number } | null = null;
  for (const { a, b } of segments(near(patches, at, reach).filter(wanted))) {
    const { foot } = footOn(a, b, at);
    const metres = apart(at, foot);
    const direction = unit(minus(b, a));
    if (direction && metres <= reach && (!best || metres < best.metres)) best = { foot, direction, metres };
  }
  return best;
}

export interface Place {
  at: Vec;
  /** Which way the street runs, in degrees clockwise from north, 0 up to 180. */
  rotation: number;
  /** To the right for who stands with the back to the house: along the street. */
  right: Vec;
}

/**
 * The middle of an element `depth` metres deep whose near side lies `metres` from the façade or the kerb, and that stands
 * `shift` metres to the right of the house's door, seen with the back to the house. Null where the map lacks that edge.
 */
export function placeAcross(crossing: Crossing, side: Side, from: From, metres: number, depth: number, shift = 0): Place | null {
  const { direction, house } = crossing;
  const right: Vec = [direction[1], -direction[0]];
  const edge = side === 'here' ? (from === 'facade' ? crossing.facade : crossing.kerb) : from === 'facade' ? crossing.farFacade : crossing.farKerb;
  if (edge === null) return null;
  const away = metres + depth / 2;
  // Away from the own façade and onto the road from the own kerb is forwards; the other side is a mirror of this one.
  const forwards = (from === 'kerb' ? -1 : 1) * (side === 'here' ? 1 : -1);
  const at = along(along(house, direction, edge + forwards * away), right, shift);
  return { at, rotation: degreesOf(right) % 180, right };
}

/** Metres of pavement between façade and kerb on a side; null where the map lacks one of them. */
export function pavementWidth(crossing: Crossing, side: Side): number | null {
  const [a, b] = side === 'here' ? [crossing.facade, crossing.kerb] : [crossing.farKerb, crossing.farFacade];
  return a === null || b === null ? null : b - a;
}

/** Whether a house number is odd or even: its first figures count, as in 12-14 or 7a. */
export function isOdd(number: string | null | undefined): boolean | null {
  const figures = /\d+/.exec(number ?? '');
  return figures ? Number(figures[0]) % 2 === 1 : null;
}
