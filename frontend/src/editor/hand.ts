/**
 * What one holds: the chosen change, or the one being pulled, with its grips. It is drawn over the map, so that moving it
 * costs no new picture of the map; and what of it lies under a finger is worked out, not read from the last picture.
 */
import type { Geometry, Position } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { centre, contains, corners } from '../core/geo';
import type { Chalk } from '../map/images';
import { TILE, tileScale, type Mark, type Over } from '../map/over';
import type { Change } from './model';

export type Grip = { role: 'whole' } | { role: 'corner'; index: number } | { role: 'between'; index: number } | { role: 'turn' };

export interface Pixel {
  x: number;
  y: number;
}

interface Place {
  grip: Exclude<Grip, { role: 'whole' }>;
  position: Position;
}

/** What is shown of a change: the ground it covers, how that is hatched, and its tile. */
export interface Look {
  change: Change;
  ground: readonly Geometry[];
  chalk: Chalk;
  tile: SVGElement;
  /** Whether it has grips. */
  movable: boolean;
}

const GRIP_PX = 9;
/** A grip nearer to the tile's middle cannot be told from it. */
const CLEAR_PX = 34;
/** Of a tile's 60 units, the part that is not margin. */
const BODY = 40 / TILE;

export class Hand {
  private look: Look | null = null;
  private leaving = 0;

  constructor(
    private readonly map: LibreMap,
    private readonly over: Over,
  ) {
    // The grip to turn with keeps its distance on the screen.
    map.on('move', () => this.look && this.grips());
  }

  get key(): string | null {
    return this.look?.change.key ?? null;
  }

  /** Takes another change in hand. `stays`: the earlier one is still there, and keeps showing until the map has drawn it. */
  take(look: Look | null, stays: boolean): void {
    if (this.look && this.look.change.key !== look?.change.key) this.leave(stays);
    this.look = look;
    this.over.show('hand', look ? [...look.ground.flatMap((geometry) => chalked(geometry, look.chalk)), { geometry: { type: 'Point', coordinates: centre(look.change.geometry) }, picture: look.tile }] : []);
    this.grips();
  }

  private leave(stays: boolean): void {
    const turn = ++this.leaving;
    this.over.show('leaving', stays ? this.over.shown('hand') : []);
    if (!stays) return;
    this.map.once('idle', () => turn === this.leaving && this.over.show('leaving', []));
    this.map.triggerRepaint();
  }

  private grips(): void {
    const places = this.places();
    const turn = places.find(({ grip }) => grip.role === 'turn');
    const stem: Mark[] = turn ? [{ geometry: { type: 'LineString', coordinates: [centre(this.look!.change.geometry), turn.position] }, looks: ['over-stem'] }] : [];
    const dots = places.map(({ grip, position }): Mark => ({ geometry: { type: 'Point', coordinates: position }, looks: [`over-grip over-${grip.role}`] }));
    this.over.show('stem', stem);
    this.over.show('grips', dots);
  }

  /** Corners to pull, points between to add corners, and a grip to turn with. */
  private places(): Place[] {
    if (!this.look?.movable) return [];
    const { change } = this.look;
    const found: Place[] = [{ grip: { role: 'turn' }, position: this.turnGrip(change) }];
    const all = change.action === 'add' ? corners(change.geometry) : [];
    const closed = change.geometry.type === 'Polygon';
    all.forEach((position, index) => {
      found.push({ grip: { role: 'corner', index }, position });
      const next = all[index + 1] ?? (closed ? all[0] : undefined);
      const between = next && this.between(position, next, centre(change.geometry));
      if (between) found.push({ grip: { role: 'between', index }, position: between });
    });
    return found;
  }

  /** Where a corner can be added: halfway, or beside the tile where that lies there; nowhere on an edge that is too short for it. */
  private between(from: Position, to: Position, tile: Position): Position | null {
    const clear = (position: Position) => apart(this.at(position), this.at(tile)) >= CLEAR_PX && [from, to].every((end) => apart(this.at(position), this.at(end)) >= 2 * GRIP_PX);
    return [0.5, 0.25].map((share) => partway(from, to, share)).find(clear) ?? null;
  }

  /** 52 px above the tile, in the direction the element points. */
  private turnGrip(change: Change): Position {
    const at = this.at(centre(change.geometry));
    const angle = ((change.rotation - this.map.getBearing()) * Math.PI) / 180;
    const spot = this.map.unproject([at.x + Math.sin(angle) * 52, at.y - Math.cos(angle) * 52]);
    return [spot.lng, spot.lat];
  }

  /** What of it lies within `reach` pixels of a point: its tile, by which all of it moves, or the nearest grip, or the tile's edge. */
  gripAt(point: Pixel, reach: number): Grip | null {
    if (this.tileAt(point, 0)) return { role: 'whole' };
    const near = this.places()
      .map(({ grip, position }) => ({ grip, far: apart(this.at(position), point) }))
      .filter(({ far }) => far <= GRIP_PX + reach)
      .sort((a, b) => a.far - b.far);
    return near[0]?.grip ?? (this.tileAt(point, reach) ? { role: 'whole' } : null);
  }

  /** Whether its tile lies within `reach` pixels of a point. */
  tileAt(point: Pixel, reach: number): boolean {
    return this.look !== null && onTile(this.map, centre(this.look.change.geometry), point, reach);
  }

  /** Whether its ground does. */
  groundAt(point: Pixel, reach: number): boolean {
    const { lng, lat } = this.map.unproject([point.x, point.y]);
    return this.look !== null && this.look.ground.some((geometry) => contains(geometry, [lng, lat]) || this.along(geometry, point, reach));
  }

  private along(geometry: Geometry, point: Pixel, reach: number): boolean {
    return edges(geometry).some((line) => {
      const pixels = line.map((position) => this.at(position));
      return pixels.some((to, index) => index > 0 && fromSegment(point, pixels[index - 1]!, to) <= reach);
    });
  }

  private at(position: Position): Pixel {
    return this.map.project(position as [number, number]);
  }
}

/** Ground as proposals show it everywhere: hatched, with a white and a dashed edge. */
function chalked(geometry: Geometry, chalk: Chalk): Mark[] {
  const line = geometry.type.endsWith('LineString');
  return [{ geometry, looks: line ? ['over-halo over-thick', `over-line over-thick over-${chalk}`] : [`over-fill over-${chalk}`, 'over-halo', `over-line over-${chalk}`] }];
}

/** Whether a point lies on the tile of a place, or within `reach` pixels of it. */
export function onTile(map: LibreMap, position: Position, point: Pixel, reach: number): boolean {
  const at = map.project(position as [number, number]);
  const half = (TILE / 2) * BODY * tileScale(map.getZoom()) + reach;
  return Math.abs(at.x - point.x) <= half && Math.abs(at.y - point.y) <= half;
}

export const apart = (a: Pixel, b: Pixel): number => Math.hypot(a.x - b.x, a.y - b.y);

/** How far a point is from a line between two others, in pixels. */
export function fromSegment(point: Pixel, from: Pixel, to: Pixel): number {
  const [x, y] = [to.x - from.x, to.y - from.y];
  const long = x * x + y * y;
  const share = long ? Math.min(1, Math.max(0, ((point.x - from.x) * x + (point.y - from.y) * y) / long)) : 0;
  return apart(point, { x: from.x + share * x, y: from.y + share * y });
}

const partway = (from: Position, to: Position, share: number): Position => [from[0]! + share * (to[0]! - from[0]!), from[1]! + share * (to[1]! - from[1]!)];

/** Every line of a line or area, rings closed and holes too. */
function edges(geometry: Geometry): Position[][] {
  switch (geometry.type) {
    case 'LineString': return [geometry.coordinates];
    case 'MultiLineString': case 'Polygon': return geometry.coordinates;
    case 'MultiPolygon': return geometry.coordinates.flat();
    default: return [];
  }
}
