import type { Feature, Geometry } from 'geojson';
import { describe, expect, it } from 'vitest';
import { along, bands, extentOf, oriented, type SolidKind } from './design';
import { signedArea, type Spot } from './local';
import { sizeAt } from './plants';
import { heightOf, nearestOnLines, type Assumed } from './street';

const ASSUMED: Assumed = { unknown_tree: { crown_radius_m: 3, height_m: 9 }, unknown_building: { height_m: 9, small_height_m: 3, small_m2: 30 } };
const building = (properties: Feature<Geometry>['properties']) => properties;

describe('heights', () => {
  it.each([
    [{ height_m: 12.5 }, 200, 12.5, false],
    [{ height_m: 12, height_estimated: true }, 200, 12, true],
    [{ height_m: null }, 200, 9, true],
    [{}, 29, 3, true],
    [null, 30, 9, true],
  ])('%j on %d m² is %d m high, estimated: %s', (properties, footprint, metres, estimated) => {
    expect(heightOf(building(properties), footprint, ASSUMED)).toEqual({ metres, estimated });
  });

  it('a tree has the size that the server gives for its age', () => {
    const growth = [{ years: 0, crown_radius_m: 0.75, height_m: 4 }, { years: 20, crown_radius_m: 3, height_m: 9 }];
    expect(sizeAt(growth, 20, ASSUMED.unknown_tree).height_m).toBe(9);
    expect(sizeAt(growth, 10, ASSUMED.unknown_tree)).toEqual(ASSUMED.unknown_tree);
    expect(sizeAt(null, 0, ASSUMED.unknown_tree)).toEqual(ASSUMED.unknown_tree);
  });
});

describe('lines and areas', () => {
  it('finds the nearest line and which way it runs', () => {
    const lines: Spot[][] = [[[0, 0], [100, 0]], [[0, 30], [0, 130]]];
    expect(nearestOnLines(lines, [50, 4], 40)).toEqual({ at: [50, 0], turn: 90 });
    expect(nearestOnLines(lines, [-3, 90], 40)).toEqual({ at: [0, 90], turn: 0 });
    expect(nearestOnLines(lines, [50, 60], 40)).toBeNull();
  });

  it('a bay of 2 by 6 metres lies along its long side', () => {
    // Turned to 30 degrees: ahead is (0.5, 0.866), right is (0.866, -0.5).
    const corner = (right: number, ahead: number): Spot => [7 + right * 0.8660254 + ahead * 0.5, 9 - right * 0.5 + ahead * 0.8660254];
    const { stand, extent } = oriented([[corner(-1, -3), corner(1, -3), corner(1, 3), corner(-1, 3)]]);
    expect(extent.width).toBeCloseTo(2);
    expect(extent.length).toBeCloseTo(6);
    expect(stand.at[0]).toBeCloseTo(7);
    expect(stand.at[1]).toBeCloseTo(9);
    expect(((stand.turn % 180) + 180) % 180).toBeCloseTo(30);
  });

  it('stands things along a line at even distances', () => {
    const spots = along([[0, 0], [6, 0], [6, 4]], 2);
    expect(spots.map(({ at }) => at)).toEqual([[1, 0], [3, 0], [5, 0], [6, 1], [6, 3]]);
    expect(spots.map(({ turn }) => turn)).toEqual([90, 90, 90, 0, 0]);
  });

  it('a line of 10 m and 2 m wide covers 20 m²', () => {
    const [ring] = bands([[0, 0], [10, 0]], 2);
    expect(Math.abs(signedArea(ring!))).toBeCloseTo(20);
    const [whole] = bands([[0, 0], [5, 0], [10, 0]], 2, true);
    expect(signedArea(whole!)).toBeCloseTo(20);
  });

  it('takes the size of the catalogue, and the width that was given to the change', () => {
    const kind = { width_m: 1, length_m: 2, height_m: 0.75 } as SolidKind;
    expect(extentOf(kind, null)).toEqual({ width: 1, length: 2, height: 0.75 });
    expect(extentOf(kind, 1.5)).toEqual({ width: 1.5, length: 2, height: 0.75 });
  });
});
