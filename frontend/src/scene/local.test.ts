import { describe, expect, it } from 'vitest';
import { areaContains, Local, middleOf, northward, signedArea, turnedBy, type Spot } from './local';

const DELFT = [4.3571, 52.0116];

/** A ring in degrees from metres east and north of Delft. */
function degrees(ring: Spot[]): [number, number][] {
  const local = new Local(DELFT);
  return [...ring, ring[0]!].map((spot) => local.from(spot) as [number, number]);
}

const SQUARE: Spot[] = [[0, 0], [10, 0], [10, 10], [0, 10]];
const HOLE: Spot[] = [[4, 4], [6, 4], [6, 6], [4, 6]];

describe('metres around a place', () => {
  it('goes there and back', () => {
    const local = new Local(DELFT);
    const [east, north] = local.to(local.from([120, -45]));
    expect(east).toBeCloseTo(120, 2);
    expect(north).toBeCloseTo(-45, 2);
  });

  it('has one degree of latitude at about 111.26 km here', () => {
    // Meridian arc of the WGS 84 ellipsoid at 52 degrees: 111,267 m.
    expect(new Local(DELFT).to([DELFT[0]!, DELFT[1]! + 0.001])[1]).toBeCloseTo(111.27, 1);
  });

  it.each([[SQUARE], [[...SQUARE].reverse()]])('turns outer rings counter-clockwise and drops the repetition', (ring) => {
    const [area] = new Local(DELFT).areas({ type: 'Polygon', coordinates: [degrees(ring), degrees(HOLE)] });
    expect(area![0]).toHaveLength(4);
    expect(signedArea(area![0]!)).toBeCloseTo(100, 1);
    expect(signedArea(area![1]!)).toBeCloseTo(-4, 1);
  });

  it('leaves out what has no surface', () => {
    const thin: Spot[] = [[0, 0], [10, 0], [10, 0.0001]];
    expect(new Local(DELFT).areas({ type: 'Polygon', coordinates: [degrees(thin)] })).toEqual([]);
    expect(new Local(DELFT).areas({ type: 'Point', coordinates: DELFT })).toEqual([]);
  });

  it('knows what lies in an area and not in its hole', () => {
    expect(areaContains([SQUARE, HOLE], [2, 2])).toBe(true);
    expect(areaContains([SQUARE, HOLE], [5, 5])).toBe(false);
    expect(areaContains([SQUARE], [12, 5])).toBe(false);
    expect(middleOf(SQUARE)).toEqual([5, 5]);
  });
});

describe('directions', () => {
  it('turns clockwise from north', () => {
    const [east, north] = turnedBy([0, 1], 90);
    expect(east).toBeCloseTo(1);
    expect(north).toBeCloseTo(0);
    const [south, west] = [turnedBy([0, 1], 180)[1], turnedBy([0, 1], 270)[0]];
    expect(south).toBeCloseTo(-1);
    expect(west).toBeCloseTo(-1);
  });

  it.each([[0, 0], [45, 45], [135, -45], [180, 0], [225, 45], [300, 300], [-30, 330], [90, 90]])('looks north along a street of %d degrees', (along, heading) => {
    expect(northward(along)).toBe(heading);
  });
});
