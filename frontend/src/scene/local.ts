/** Metres around a place: the scene's x points east, y up and z south, with the origin on the ground. */
import type { Geometry, LineString, MultiLineString, MultiPolygon, Point, Polygon, Position } from 'geojson';
import { difference, offset, type Point2 } from '../core/geo';

/** Metres east and north of the origin. */
export type Spot = Point2;
/** A closed outline without its closing repetition. */
export type Ring = Spot[];
/** The outer ring, then the holes. */
export type Area = Ring[];

export class Local {
  constructor(readonly origin: Position) {}

  to(position: Position): Spot {
    return difference(this.origin, position);
  }

  from([east, north]: Spot): Position {
    return offset(this.origin, east, north);
  }

  line(positions: Position[]): Spot[] {
    return positions.map((position) => this.to(position));
  }

  private ring(positions: Position[], outer: boolean): Ring {
    const ring = withoutRepeats(this.line(positions));
    return signedArea(ring) > 0 === outer ? ring : ring.reverse();
  }

  /** The parts of an area, outer rings counter-clockwise and holes clockwise; what has no surface is left out. */
  areas(geometry: Geometry): Area[] {
    const parts = geometry.type === 'Polygon' ? [(geometry as Polygon).coordinates] : geometry.type === 'MultiPolygon' ? (geometry as MultiPolygon).coordinates : [];
    return parts
      .map((rings) => rings.map((ring, index) => this.ring(ring, index === 0)).filter((ring) => ring.length > 2))
      .filter((rings) => rings.length > 0 && Math.abs(signedArea(rings[0]!)) > 0.01);
  }

  lines(geometry: Geometry): Spot[][] {
    if (geometry.type === 'LineString') return [this.line((geometry as LineString).coordinates)];
    if (geometry.type === 'MultiLineString') return (geometry as MultiLineString).coordinates.map((line) => this.line(line));
    return [];
  }

  points(geometry: Geometry): Spot[] {
    if (geometry.type === 'Point') return [this.to((geometry as Point).coordinates)];
    return geometry.type === 'MultiPoint' ? this.line(geometry.coordinates) : [];
  }
}

/** Square metres, positive for a ring that runs counter-clockwise seen from above. */
export function signedArea(ring: Ring): number {
  return ring.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = ring[(i + 1) % ring.length]!;
    return sum + (x * nextY - nextX * y) / 2;
  }, 0);
}

const SAME_M = 1e-3;

function withoutRepeats(ring: Ring): Ring {
  const kept = ring.filter(([x, y], i) => {
    const before = ring[i - 1];
    return !before || Math.hypot(x - before[0], y - before[1]) > SAME_M;
  });
  const [first, last] = [kept[0], kept.at(-1)];
  if (kept.length > 1 && first && last && Math.hypot(first[0] - last[0], first[1] - last[1]) <= SAME_M) kept.pop();
  return kept;
}

export function ringContains(ring: Ring, [x, y]: Spot): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i]!;
    const [xj, yj] = ring[j]!;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

export const areaContains = (area: Area, spot: Spot): boolean =>
  ringContains(area[0]!, spot) && !area.slice(1).some((hole) => ringContains(hole, spot));

/** The middle of a ring's box: near enough to stand something on. */
export function middleOf(spots: Spot[]): Spot {
  const xs = spots.map(([x]) => x);
  const ys = spots.map(([, y]) => y);
  return [(Math.min(...xs) + Math.max(...xs)) / 2, (Math.min(...ys) + Math.max(...ys)) / 2];
}

/** `right` and `ahead` of something that points `degrees` clockwise from north, as metres east and north. */
export function turnedBy([right, ahead]: Spot, degrees: number): Spot {
  const angle = (degrees * Math.PI) / 180;
  return [right * Math.cos(angle) + ahead * Math.sin(angle), -right * Math.sin(angle) + ahead * Math.cos(angle)];
}

/** Of the two directions along a street the one that looks north, with the sun behind: façades are in the light. */
export function northward(direction: number): number {
  const along = ((direction % 360) + 360) % 360;
  return along > 90 && along < 270 ? along - 180 : along;
}
