import { describe, expect, it } from 'vitest';
import { centre, contains, difference, distance, footprint, lineLength, normalDegrees, offset, positions, rectangle, rounded, scaled, screenToGround, size, translated, turned, within } from './geo';

const HELSINKI: [number, number] = [24.9384, 60.1699];
const square = footprint(HELSINKI, 10, 10, 0);

describe('metres on the ground', () => {
  it('nudges ten centimetres east and stays at the same latitude', () => {
    const moved = offset(HELSINKI, 0.1, 0);
    expect(distance(HELSINKI, moved)).toBeCloseTo(0.1, 6);
    expect(moved[1]).toBe(HELSINKI[1]);
  });

  it('knows a degree of latitude at 60 degrees north within a metre of the published length', () => {
    const [east, north] = difference([24, 60], [24, 60.001]);
    expect(east).toBe(0);
    expect(north).toBeCloseTo(111.412, 1);
  });

  it('turns screen right into ground north when the map is turned so that west is up', () => {
    const [east, north] = screenToGround(1, 0, 270);
    expect(east).toBeCloseTo(0, 9);
    expect(north).toBeCloseTo(1, 9);
  });

  it('keeps eight decimals', () => {
    expect(rounded({ type: 'Point', coordinates: [24.123456789123, 60.1] }).coordinates).toEqual([24.12345679, 60.1]);
  });

  it('counts degrees from 0 to 360', () => {
    expect(normalDegrees(-15)).toBe(345);
    expect(normalDegrees(375)).toBe(15);
  });
});

describe('footprints', () => {
  it('has the size in metres that the catalogue gives, however it is turned', () => {
    for (const degrees of [0, 15, 45, 90, 200]) {
      expect(size(footprint(HELSINKI, 1.5, 4, degrees))).toBeCloseTo(6, 3);
    }
  });

  it('lies along east when it is turned 90 degrees clockwise', () => {
    const all = positions(footprint(HELSINKI, 1, 6, 90)).map((p) => difference(HELSINKI, p));
    expect(Math.max(...all.map(([east]) => Math.abs(east)))).toBeCloseTo(3, 3);
    expect(Math.max(...all.map(([, north]) => Math.abs(north)))).toBeCloseTo(0.5, 3);
  });
});

describe('shapes', () => {
  it('keeps its middle and size when an area is turned', () => {
    const after = turned(square, 30);
    expect(size(after)).toBeCloseTo(100, 2);
    expect(distance(centre(square), centre(after))).toBeLessThan(0.001);
  });

  it('moves every corner by the same metres', () => {
    const after = translated(square, 3, 4);
    expect(distance(centre(square), centre(after))).toBeCloseTo(5, 4);
  });

  it('finds the middle of a line by length and not by number of corners', () => {
    const line = { type: 'LineString' as const, coordinates: [HELSINKI, offset(HELSINKI, 1, 0), offset(HELSINKI, 10, 0)] };
    expect(difference(HELSINKI, centre(line))[0]).toBeCloseTo(5, 4);
  });

  it('sees what lies inside an area, in a hole and outside', () => {
    const ring = footprint(HELSINKI, 20, 20, 0).coordinates[0]!;
    const hole = footprint(HELSINKI, 4, 4, 0).coordinates[0]!;
    const area = { type: 'MultiPolygon' as const, coordinates: [[ring, hole]] };
    expect(contains(area, offset(HELSINKI, 5, 5))).toBe(true);
    expect(contains(area, HELSINKI)).toBe(false);
    expect(contains(area, offset(HELSINKI, 11, 0))).toBe(false);
    expect(within(area, footprint(offset(HELSINKI, 9, 0), 4, 4, 0))).toBe(false);
  });
});

describe('rectangles', () => {
  it('knows the sides and the heading of what footprint made', () => {
    const box = rectangle(footprint(HELSINKI, 2, 6, 30))!;
    expect(box.width).toBeCloseTo(2, 3);
    expect(box.length).toBeCloseTo(6, 3);
    expect(box.rotation).toBeCloseTo(30, 2);
  });

  it('is no rectangle with a slanting side, a missing corner or a hole', () => {
    const at = (east: number, north: number) => offset(HELSINKI, east, north);
    const ring = (...corners: [number, number][]) => ({ type: 'Polygon' as const, coordinates: [[...corners, corners[0]!]] });
    expect(rectangle(ring(at(0, 0), at(4, 0), at(5, 4), at(1, 4)))).toBeNull();
    expect(rectangle(ring(at(0, 0), at(4, 0), at(4, 4)))).toBeNull();
    const hole = footprint(HELSINKI, 1, 1, 0).coordinates[0]!;
    expect(rectangle({ type: 'Polygon', coordinates: [square.coordinates[0]!, hole] })).toBeNull();
  });

  it('grows a line around its middle', () => {
    const line = { type: 'LineString' as const, coordinates: [HELSINKI, offset(HELSINKI, 0, 10)] };
    const grown = scaled(line, 1.5);
    expect(lineLength(grown.coordinates)).toBeCloseTo(15, 3);
    expect(distance(centre(grown), centre(line))).toBeLessThan(0.001);
  });
});
