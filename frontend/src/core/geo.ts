/** Geometry on the scale of a street: positions are WGS 84 [longitude, latitude], distances metres. */
import type { Geometry, LineString, Polygon, Position } from 'geojson';

export type Point2 = [number, number];

/** Length in metres of one degree of longitude and of latitude at a latitude (series for the WGS 84 ellipsoid). */
export function metresPerDegree(latitude: number): Point2 {
  const phi = (latitude * Math.PI) / 180;
  return [
    111412.84 * Math.cos(phi) - 93.5 * Math.cos(3 * phi) + 0.118 * Math.cos(5 * phi),
    111132.954 - 559.822 * Math.cos(2 * phi) + 1.175 * Math.cos(4 * phi),
  ];
}

export function offset(position: Position, east: number, north: number): Point2 {
  const [x, y] = position as Point2;
  const [kx, ky] = metresPerDegree(y);
  return [x + east / kx, y + north / ky];
}

/** Metres east and north from one position to another. */
export function difference(from: Position, to: Position): Point2 {
  const [kx, ky] = metresPerDegree(from[1]!);
  return [(to[0]! - from[0]!) * kx, (to[1]! - from[1]!) * ky];
}

export function distance(a: Position, b: Position): number {
  return Math.hypot(...difference(a, b));
}

/** The same geometry with every position put through `change`. */
export function mapPositions<G extends Geometry>(geometry: G, change: (position: Position) => Position): G {
  if (geometry.type === 'GeometryCollection') {
    return { ...geometry, geometries: geometry.geometries.map((part) => mapPositions(part, change)) };
  }
  const walk = (value: unknown): unknown =>
    Array.isArray(value) && typeof value[0] === 'number' ? change(value as Position) : (value as unknown[]).map(walk);
  return { ...geometry, coordinates: walk(geometry.coordinates) } as G;
}

export function positions(geometry: Geometry): Position[] {
  const found: Position[] = [];
  mapPositions(geometry, (position) => (found.push(position), position));
  return found;
}

/** Eight decimals is about a millimetre: more digits are noise that makes equal drawings differ. */
export function rounded<G extends Geometry>(geometry: G): G {
  const eight = (value: number) => Math.round(value * 1e8) / 1e8;
  return mapPositions(geometry, ([x, y]) => [eight(x!), eight(y!)]);
}

export function translated<G extends Geometry>(geometry: G, east: number, north: number): G {
  return mapPositions(geometry, (position) => offset(position, east, north));
}

/** Metres on the screen (right, up) as metres on the ground (east, north) on a map turned by `bearing` degrees. */
export function screenToGround(right: number, up: number, bearing: number): Point2 {
  const angle = (bearing * Math.PI) / 180;
  return [right * Math.cos(angle) + up * Math.sin(angle), -right * Math.sin(angle) + up * Math.cos(angle)];
}

export function normalDegrees(degrees: number): number {
  return ((degrees % 360) + 360) % 360;
}

/** Turns a geometry clockwise around its middle. */
export function turned<G extends Geometry>(geometry: G, degrees: number): G {
  const middle = centre(geometry);
  return mapPositions(geometry, (position) => {
    const [east, north] = difference(middle, position);
    return offset(middle, ...screenToGround(east, north, degrees));
  });
}

/** A rectangle of `width` across and `length` along, its length pointing `rotation` degrees clockwise from north. */
export function footprint(middle: Position, width: number, length: number, rotation: number): Polygon {
  const corners: Point2[] = [[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]];
  const ring = corners.map(([x, y]) => offset(middle, ...screenToGround((x * width) / 2, (y * length) / 2, rotation)));
  return { type: 'Polygon', coordinates: [ring] };
}

/** Width, length and heading of a rectangle as `footprint` makes them; null for every other shape. */
export function rectangle(geometry: Geometry): { width: number; length: number; rotation: number } | null {
  if (geometry.type !== 'Polygon' || geometry.coordinates.length !== 1 || geometry.coordinates[0]!.length !== 5) return null;
  const [a, b, c, d] = geometry.coordinates[0] as [Position, Position, Position, Position];
  const [across, along] = [difference(a, b), difference(b, c)];
  const [width, length] = [Math.hypot(...across), Math.hypot(...along)];
  if (width === 0 || length === 0) return null;
  const skew = Math.abs(across[0] * along[0] + across[1] * along[1]) / (width * length);
  const crooked = Math.abs(distance(c, d) - width) / width;
  if (skew > 0.02 || crooked > 0.02) return null;
  return { width, length, rotation: normalDegrees((Math.atan2(along[0], along[1]) * 180) / Math.PI) };
}

/** The same geometry, `ratio` times as big around its middle. */
export function scaled<G extends Geometry>(geometry: G, ratio: number): G {
  const middle = centre(geometry);
  return mapPositions(geometry, (position) => {
    const [east, north] = difference(middle, position);
    return offset(middle, east * ratio, north * ratio);
  });
}

export function circle(middle: Position, radius: number, steps = 24): Polygon {
  const ring = Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((i % steps) / steps) * 2 * Math.PI;
    return offset(middle, Math.cos(angle) * radius, Math.sin(angle) * radius);
  });
  return { type: 'Polygon', coordinates: [ring] };
}

export function bounds(geometry: Geometry): [number, number, number, number] {
  const all = positions(geometry);
  const xs = all.map((p) => p[0]!);
  const ys = all.map((p) => p[1]!);
  return [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)];
}

/** A place to hang a label or a tile on: the point, the middle of the line, or the middle of the area. */
export function centre(geometry: Geometry): Point2 {
  switch (geometry.type) {
    case 'Point':
      return geometry.coordinates as Point2;
    case 'LineString':
      return alongLine(geometry.coordinates);
    case 'MultiLineString':
      return alongLine(geometry.coordinates[0] ?? []);
    case 'Polygon':
      return ringCentre(geometry.coordinates[0] ?? []);
    case 'MultiPolygon': {
      const largest = [...geometry.coordinates].sort((a, b) => ringArea(b[0]!) - ringArea(a[0]!))[0];
      return ringCentre(largest?.[0] ?? []);
    }
    default: {
      const [west, south, east, north] = bounds(geometry);
      return [(west + east) / 2, (south + north) / 2];
    }
  }
}

function alongLine(line: Position[]): Point2 {
  const total = lineLength(line);
  let left = total / 2;
  for (let i = 1; i < line.length; i++) {
    const step = distance(line[i - 1]!, line[i]!);
    if (step >= left && step > 0) {
      const part = left / step;
      return [
        line[i - 1]![0]! + (line[i]![0]! - line[i - 1]![0]!) * part,
        line[i - 1]![1]! + (line[i]![1]! - line[i - 1]![1]!) * part,
      ];
    }
    left -= step;
  }
  return line[0] as Point2;
}

function ringCentre(ring: Position[]): Point2 {
  const origin = ring[0]!;
  let twice = 0;
  let x = 0;
  let y = 0;
  for (let i = 1; i < ring.length; i++) {
    const a = difference(origin, ring[i - 1]!);
    const b = difference(origin, ring[i]!);
    const cross = a[0] * b[1] - b[0] * a[1];
    twice += cross;
    x += (a[0] + b[0]) * cross;
    y += (a[1] + b[1]) * cross;
  }
  return Math.abs(twice) < 1e-9 ? (origin as Point2) : offset(origin, x / (3 * twice), y / (3 * twice));
}

function ringArea(ring: Position[]): number {
  const origin = ring[0]!;
  let twice = 0;
  for (let i = 1; i < ring.length; i++) {
    const a = difference(origin, ring[i - 1]!);
    const b = difference(origin, ring[i]!);
    twice += a[0] * b[1] - b[0] * a[1];
  }
  return Math.abs(twice) / 2;
}

export function lineLength(line: Position[]): number {
  return line.slice(1).reduce((sum, position, i) => sum + distance(line[i]!, position), 0);
}

/** Length of lines in metres, surface of areas in square metres, 0 for points. */
export function size(geometry: Geometry): number {
  if (geometry.type === 'LineString') return lineLength(geometry.coordinates);
  if (geometry.type === 'Polygon') {
    return geometry.coordinates.reduce((sum, ring, i) => sum + (i === 0 ? 1 : -1) * ringArea(ring), 0);
  }
  if (geometry.type === 'MultiPolygon') {
    return geometry.coordinates.reduce((sum, part) => sum + size({ type: 'Polygon', coordinates: part }), 0);
  }
  return 0;
}

function insideRing(ring: Position[], [x, y]: Point2): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi, yi] = ring[i] as Point2;
    const [xj, yj] = ring[j] as Point2;
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Whether a position lies in a polygon or multipolygon (holes count as outside). */
export function contains(area: Geometry, position: Position): boolean {
  const polygons =
    area.type === 'Polygon' ? [area.coordinates] : area.type === 'MultiPolygon' ? area.coordinates : [];
  return polygons.some(
    (rings) => insideRing(rings[0]!, position as Point2) && !rings.slice(1).some((hole) => insideRing(hole, position as Point2)),
  );
}

export function within(area: Geometry, geometry: Geometry): boolean {
  return positions(geometry).every((position) => contains(area, position));
}

/** A drawn row of corners as line or closed area; null while there are too few to be one. */
export function shape(corners: Position[], type: 'line' | 'area'): LineString | Polygon | null {
  if (type === 'line') return corners.length >= 2 ? { type: 'LineString', coordinates: corners } : null;
  return corners.length >= 3 ? { type: 'Polygon', coordinates: [[...corners, corners[0]!]] } : null;
}

/** The corners of a line or area without the closing repetition; a point is one corner. */
export function corners(geometry: Geometry): Position[] {
  if (geometry.type === 'LineString') return geometry.coordinates;
  if (geometry.type === 'Polygon') return geometry.coordinates[0]!.slice(0, -1);
  return [];
}
