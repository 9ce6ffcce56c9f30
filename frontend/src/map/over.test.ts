import { describe, expect, it } from 'vitest';
import { tileScale } from './over';
import { path } from './svgPath';

/** A map on which a degree is ten pixels, east to the right and north up. */
const at = ([x, y]: readonly number[]) => ({ x: x! * 10, y: -y! * 10 });

describe('what is drawn over the map', () => {
  it('draws lines open and areas closed, holes too', () => {
    expect(path({ type: 'LineString', coordinates: [[0, 0], [1, 0], [1, 2]] }, at)).toBe('M0 0L10 0L10 -20');
    const hole = [[1, 1], [2, 1], [2, 2], [1, 1]];
    expect(path({ type: 'Polygon', coordinates: [[[0, 0], [4, 0], [4, 4], [0, 0]], hole] }, at)).toBe('M0 0L40 0L40 -40L0 0ZM10 -10L20 -10L20 -20L10 -10Z');
  });

  it('draws all parts of what has several', () => {
    const parts = { type: 'GeometryCollection' as const, geometries: [{ type: 'MultiLineString' as const, coordinates: [[[0, 0], [1, 0]], [[0, 1], [1, 1]]] }] };
    expect(path(parts, at)).toBe('M0 0L10 0M0 -10L10 -10');
  });

  it('draws no line for a place', () => {
    expect(path({ type: 'Point', coordinates: [0, 0] }, at)).toBe('');
  });

  it('keeps tenths of pixels, no more', () => {
    expect(path({ type: 'LineString', coordinates: [[0.123456, 0], [1, 0]] }, at)).toBe('M1.2 0L10 0');
  });

  it('grows tiles from zoom 15 to 18 as the map itself does', () => {
    for (const [zoom, scale] of [[10, 0.45], [15, 0.45], [17, 0.75], [18, 0.9], [22, 0.9]] as const) expect(tileScale(zoom)).toBeCloseTo(scale);
  });
});
