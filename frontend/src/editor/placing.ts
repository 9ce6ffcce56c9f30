/** What an element becomes at an address: its shape along the street, for one or for a row. Pure, in metres. */
import type { Geometry, Position } from 'geojson';
import { footprint } from '../core/geo';
import { placeAcross, type Crossing, type From, type Side } from './address';
import type { ElementKind } from './model';
import { along, degreesOf, type Vec } from './plane';
import type { Spot } from './rows';
import type { Tool } from './shop';
import { bodyOf } from './snapper';

export interface Wish {
  side: Side;
  from: From;
  /** Metres between that edge and the near side of the element. */
  metres: number;
  /** Metres along the street, to the right with the back to the house. */
  shift: number;
  /** Metres, for what has no size of its own: a line's length, an area's length and width. */
  length: number;
  width: number;
  /** More than one: a row along the street. */
  count: number;
  spacing: number;
}

export type Outcome = { geometry: Geometry; rotation: number; row: Spot[] | null; at: Position } | 'noFacade' | 'noKerb';

/** These lie over the whole carriageway, from kerb to kerb. */
const OVER_THE_ROAD = new Set(['modal_filter', 'speed_hump', 'raised_crossing', 'raised_junction']);
export const overTheRoad = (kind: ElementKind): boolean => OVER_THE_ROAD.has(kind.id);

/** How deep an element is, from the edge on, in metres. */
function depthOf(kind: ElementKind, tool: Tool, wish: Wish): number {
  if (tool.type === 'place' && tool.way === 'area') return wish.width;
  if (tool.type === 'place' && tool.way === 'line') return kind.width_m ?? 0;
  const body = bodyOf(kind);
  return body.across ? body.length : body.width;
}

export function outcome(kind: ElementKind, tool: Tool, crossing: Crossing, wish: Wish, position: (local: Vec) => Position): Outcome {
  if (overTheRoad(kind)) return acrossTheRoad(kind, tool, crossing, wish, position);
  const place = placeAcross(crossing, wish.side, wish.from, wish.metres, depthOf(kind, tool, wish), wish.shift);
  if (!place) return wish.from === 'facade' ? 'noFacade' : 'noKerb';
  const body = bodyOf(kind);
  const heading = body.across ? (place.rotation + 90) % 180 : place.rotation;
  const at = position(place.at);
  const way = tool.type === 'place' ? tool.way : 'point';
  if (way === 'line') {
    const ends = [-wish.length / 2, wish.length / 2].map((metres) => position(along(place.at, place.right, metres)));
    return { geometry: { type: 'LineString', coordinates: ends }, rotation: 0, row: null, at };
  }
  if (way === 'area') return { geometry: footprint(at, wish.width, wish.length, place.rotation), rotation: 0, row: null, at };
  if (way === 'stamp') return { geometry: footprint(at, body.width || 2, body.length || 2, heading), rotation: 0, row: null, at };
  const row = Array.from({ length: Math.max(1, wish.count) }, (_, i) => ({ at: position(along(place.at, place.right, i * wish.spacing)), rotation: heading }));
  return { geometry: { type: 'Point', coordinates: at }, rotation: heading, row: row.length > 1 ? row : null, at };
}

function acrossTheRoad(kind: ElementKind, tool: Tool, crossing: Crossing, wish: Wish, position: (local: Vec) => Position): Outcome {
  const { kerb, farKerb, direction, house } = crossing;
  if (kerb === null || farKerb === null) return 'noKerb';
  const right: Vec = [direction[1], -direction[0]];
  const start = along(along(house, direction, kerb), right, wish.shift);
  const over = farKerb - kerb;
  const at = position(along(start, direction, over / 2));
  if (tool.type === 'place' && tool.way === 'line') {
    return { geometry: { type: 'LineString', coordinates: [position(start), position(along(start, direction, over))] }, rotation: 0, row: null, at };
  }
  return { geometry: footprint(at, over, kind.width_m ?? wish.width, degreesOf(right)), rotation: 0, row: null, at };
}
