/** Geometries as SVG draws them, for what lies over the map. */
import type { Geometry, Position } from 'geojson';

/** Tenths of a pixel: finer is not seen. */
export const round = (pixels: number): number => Math.round(pixels * 10) / 10;

/** A line or area as the path of an SVG, in pixels. */
export function path(geometry: Geometry, at: (position: Position) => { x: number; y: number }): string {
  const run = (line: readonly Position[], end = ''): string =>
    `M${line.map((position) => at(position)).map(({ x, y }) => `${round(x)} ${round(y)}`).join('L')}${end}`;
  switch (geometry.type) {
    case 'LineString': return run(geometry.coordinates);
    case 'MultiLineString': return geometry.coordinates.map((line) => run(line)).join('');
    case 'Polygon': return geometry.coordinates.map((ring) => run(ring, 'Z')).join('');
    case 'MultiPolygon': return geometry.coordinates.flat().map((ring) => run(ring, 'Z')).join('');
    case 'GeometryCollection': return geometry.geometries.map((one) => path(one, at)).join('');
    default: return '';
  }
}
