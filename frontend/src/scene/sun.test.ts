import { describe, expect, it } from 'vitest';
import { clockOf, direction, indexAt, startDate, wind, type SunAt } from './sun';

const at = (time: string, azimuth_deg = 180, elevation_deg = 45): SunAt => ({ time: `2026-07-01T${time}+02:00`, azimuth_deg, elevation_deg });

describe('the sun of a day', () => {
  it('is read on the clock of the place', () => {
    expect(clockOf('2026-07-01T14:00+02:00')).toBe('14:00');
    expect(startDate(new Date('2026-11-22T12:00:00Z'))).toBe('2026-07-01');
  });

  it('finds the nearest quarter', () => {
    const day = [at('05:30'), at('05:45'), at('14:00'), at('22:00')];
    expect(indexAt(day, '14:00')).toBe(2);
    expect(indexAt(day, '05:40')).toBe(1);
    expect(indexAt(day, '00:00')).toBe(0);
    expect(indexAt(day, '23:45')).toBe(3);
    expect(indexAt([], '14:00')).toBe(-1);
  });

  it.each([
    [0, 0, [0, 0, -1]],
    [90, 0, [1, 0, 0]],
    [180, 0, [0, 0, 1]],
    [270, 0, [-1, 0, 0]],
    [123, 90, [0, 1, 0]],
  ])('azimuth %d and elevation %d point the right way', (azimuth, elevation, expected) => {
    direction(at('12:00', azimuth, elevation)).forEach((value, index) => expect(value).toBeCloseTo(expected[index]!));
  });

  it('names the wind it stands in', () => {
    expect([0, 44, 90, 136, 180, 224, 270, 315, 359].map(wind)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
  });
});
