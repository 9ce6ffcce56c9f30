/** Places that would lie on top of each other on the map, taken together: a count and the most serious verdict. */
import type { Position } from 'geojson';
import { SERIOUSNESS, type Verdict } from '../editor/model';

/** From this zoom on every tile stands by itself. */
export const SINGLE_ZOOM = 17.5;
/** A tile's hit area: what lies closer cannot be told apart by a finger. */
export const REACH_PX = 44;

/** A place in pixels of the whole world at one zoom, so that panning and turning the map change nothing. */
export interface Place {
  key: string;
  x: number;
  y: number;
  /** Null: not judged (yet). */
  verdict: Verdict | null;
}

export interface Group<P extends Place = Place> {
  /** Its middle: one of its members. All others lie within reach of it, and no other group's middle does. */
  middle: P;
  /** In the order of their keys. */
  members: P[];
  verdict: Verdict | null;
}

/** Where a position lies in the world at a zoom, in pixels (512 px tiles, Web Mercator). */
export function pixels([lng, lat]: Position, zoom: number): { x: number; y: number } {
  const world = 512 * 2 ** zoom;
  const north = Math.log(Math.tan(Math.PI / 4 + (lat! * Math.PI) / 360));
  return { x: (world * (lng! + 180)) / 360, y: (world * (1 - north / Math.PI)) / 2 };
}

export function mostSerious(verdicts: Iterable<Verdict | null>): Verdict | null {
  const all = new Set(verdicts);
  return SERIOUSNESS.find((verdict) => all.has(verdict)) ?? null;
}

const byKey = (a: Place, b: Place): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);
const apart = (a: Place, b: Place): number => Math.hypot(a.x - b.x, a.y - b.y);

/**
 * Every place in exactly one group. The place with most others around it becomes the middle of the first group, and so on
 * with what is left: the same places make the same groups, in whatever order they come.
 */
export function grouped<P extends Place>(places: readonly P[], reach = REACH_PX): Group<P>[] {
  const cells = new Map<string, P[]>();
  const cell = (x: number, y: number) => `${Math.floor(x / reach)}/${Math.floor(y / reach)}`;
  for (const place of [...places].sort(byKey)) {
    const name = cell(place.x, place.y);
    cells.set(name, [...(cells.get(name) ?? []), place]);
  }
  const around = (place: P): P[] =>
    [-1, 0, 1]
      .flatMap((right) => [-1, 0, 1].flatMap((down) => cells.get(cell(place.x + right * reach, place.y + down * reach)) ?? []))
      .filter((other) => apart(place, other) <= reach);
  const near = new Map(places.map((place) => [place, around(place)]));
  const order = [...places].sort((a, b) => near.get(b)!.length - near.get(a)!.length || byKey(a, b));
  const taken = new Set<P>();
  const found: Group<P>[] = [];
  for (const middle of order) {
    if (taken.has(middle)) continue;
    const members = near.get(middle)!.filter((place) => !taken.has(place)).sort(byKey);
    members.forEach((place) => taken.add(place));
    found.push({ middle, members, verdict: mostSerious(members.map((place) => place.verdict)) });
  }
  return found.sort((a, b) => byKey(a.middle, b.middle));
}

/**
 * A zoom at which a group that was made at `zoom` has surely come apart: it is more than two reaches long there, so that
 * no member reaches all others. At most the one where every tile stands by itself.
 */
export function splitZoom({ members }: Pick<Group, 'members'>, zoom: number, reach = REACH_PX): number {
  const span = (along: (place: Place) => number) => Math.max(...members.map(along)) - Math.min(...members.map(along));
  const long = Math.max(span(({ x }) => x), span(({ y }) => y));
  const split = long > 0 ? zoom + Math.log2((2 * reach) / long) + 0.01 : SINGLE_ZOOM;
  return Math.min(SINGLE_ZOOM, Math.max(zoom, split));
}
