import { describe, expect, it } from 'vitest';
import { apart, ROOM } from './places';

const closest = (spots: { x: number; y: number }[]): number =>
  Math.min(...spots.flatMap((a, i) => spots.slice(i + 1).map((b) => Math.hypot(a.x - b.x, a.y - b.y))));

describe('buttons on the map', () => {
  it('stay where they are when there is room', () => {
    const places = [{ x: 0, y: 0 }, { x: 60, y: 0 }];
    expect(apart(places)).toEqual(places);
  });
  it('never cover each other, however many share a place', () => {
    for (const n of [2, 3, 5, 8]) {
      expect(closest(apart(Array.from({ length: n }, () => ({ x: 100, y: 100 }))))).toBeGreaterThanOrEqual(44);
    }
    expect(closest(apart([{ x: 0, y: 0 }, { x: 10, y: 4 }, { x: 12, y: -3 }]))).toBeGreaterThanOrEqual(ROOM - 2);
  });
  it('lie the same at every drawing', () => {
    const places = [{ x: 5, y: 5 }, { x: 5, y: 5 }, { x: 30, y: 5 }];
    expect(apart(places)).toEqual(apart(places));
  });
});
