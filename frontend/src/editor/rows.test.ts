import type { Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { difference, offset } from '../core/geo';
import { LONGEST_ROW, rowAlong } from './rows';

const DELFT: Position = [4.357, 52.011];
const at = (east: number, north: number) => offset(DELFT, east, north);
const metres = (spots: { at: Position }[]) => spots.map((spot) => difference(DELFT, spot.at).map((n) => Math.round(n * 100) / 100));

describe('a row along a line', () => {
  it('begins at the first corner and leaves the rest at the end empty', () => {
    // 20 metres with 8 between: at 0, 8 and 16; 4 metres stay empty.
    expect(metres(rowAlong([at(0, 0), at(20, 0)], 8))).toEqual([[0, 0], [8, 0], [16, 0]]);
  });

  it('has an element at the very end where it comes out even', () => {
    expect(rowAlong([at(0, 0), at(20, 0)], 5)).toHaveLength(5);
  });

  it('counts metres around a corner and turns with it', () => {
    // 6 metres east, then 6 north: with 4 between at 0, 4, 2 past the corner, and at the end.
    const row = rowAlong([at(0, 0), at(6, 0), at(6, 6)], 4);
    expect(metres(row)).toEqual([[0, 0], [4, 0], [6, 2], [6, 6]]);
    expect(row.map((spot) => Math.round(spot.rotation))).toEqual([90, 90, 0, 0]);
  });

  it('has one element where the line is shorter than the spacing, and none without a line or with no spacing', () => {
    expect(rowAlong([at(0, 0), at(2, 0)], 8)).toHaveLength(1);
    expect(rowAlong([at(0, 0)], 8)).toEqual([]);
    expect(rowAlong([at(0, 0), at(20, 0)], 0)).toEqual([]);
    expect(rowAlong([at(0, 0), at(20, 0)], Number.NaN)).toEqual([]);
  });

  it('never becomes longer than a slip of the finger allows', () => {
    expect(rowAlong([at(0, 0), at(1000, 0)], 0.5)).toHaveLength(LONGEST_ROW);
  });
});
