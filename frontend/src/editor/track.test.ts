import { describe, expect, it } from 'vitest';
import { distance, offset } from '../core/geo';
import { across, bearingAt, lengthOf, nearestOn, placeAt } from './track';

const start = [4.3666, 52.0117];
/** 30 m east, then 40 m north. */
const corner = offset(start, 30, 0);
const line = [start, corner, offset(corner, 0, 40)];

describe('a line along a street', () => {
  it('is as long as its parts together', () => {
    expect(lengthOf(line)).toBeCloseTo(70, 2);
  });

  it('has a place for every distance, its ends beyond them', () => {
    expect(distance(placeAt(line, 10), offset(start, 10, 0))).toBeLessThan(0.01);
    expect(distance(placeAt(line, 50), offset(corner, 0, 20))).toBeLessThan(0.01);
    expect(placeAt(line, -5)).toEqual(start);
    expect(placeAt(line, 500)).toEqual(line[2]);
  });

  it('runs east, north, and halfway between on the corner', () => {
    expect(bearingAt(line, 10)).toBeCloseTo(90, 1);
    expect(bearingAt(line, 60)).toBeCloseTo(0, 1);
    expect(bearingAt(line, 30)).toBeCloseTo(45, 1);
    expect(bearingAt(line, 500)).toBeCloseTo(0, 1);
  });

  it('finds the nearest place, also beyond its ends', () => {
    const beside = nearestOn(line, offset(start, 12, -4));
    expect(beside.along).toBeCloseTo(12, 1);
    expect(beside.off).toBeCloseTo(4, 2);
    expect(nearestOn(line, offset(corner, -3, 25)).along).toBeCloseTo(55, 1);
    expect(nearestOn(line, offset(start, -9, 0))).toMatchObject({ along: 0 });
  });

  it('is cut square: left is left of where it runs', () => {
    // Running east, left is north.
    const [left, right] = across(start, 90, 5, 2);
    expect(distance(left, offset(start, 0, 5))).toBeLessThan(0.01);
    expect(distance(right, offset(start, 0, -2))).toBeLessThan(0.01);
  });
});
