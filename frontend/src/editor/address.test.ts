import { describe, expect, it } from 'vitest';
import { crossingAt, isOdd, pavementWidth, placeAcross, spans } from './address';
import { patch, type Patch, type Vec } from './plane';

const box = (x0: number, y0: number, x1: number, y1: number): Vec[] => [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]];

/** From south to north, in metres: houses to 0, pavement to 3, bays to 5, carriageway to 10, pavement to 12.5, houses. */
const STREET: Patch[] = [
  patch('houses', 'building', [box(0, -10, 100, 0)]),
  patch('pavement', 'walk', [box(0, 0, 100, 3)]),
  patch('bays', 'bay', [box(0, 3, 100, 5)]),
  patch('road', 'road', [box(0, 5, 100, 10)]),
  patch('north', 'walk', [box(0, 10, 100, 12.5)]),
  patch('opposite', 'building', [box(0, 12.5, 100, 22)]),
  patch('lane', 'axis', [[[0, 7.5], [100, 7.5]]], 'Lange Laan'),
  // A side street that is nearer to the house at x = 95 than its own street.
  patch('side', 'axis', [[[99, -20], [99, 30]]], 'Zijstraat'),
];

describe('across the street', () => {
  it('lists what lies along a line, seams left out', () => {
    const twoPieces = [...STREET.filter((one) => one.id !== 'pavement'), patch('a', 'walk', [box(0, 0, 100, 1.5)]), patch('b', 'walk', [box(0, 1.5, 100, 3)])];
    expect(spans([40, -2], [0, 1], 10, twoPieces).map(({ from, to, surface }) => [from, to, surface])).toEqual([
      [0, 2, 'building'], [2, 5, 'walk'], [5, 7, 'bay'], [7, 10, 'road'],
    ]);
  });

  it('finds façades and kerbs on both sides, from a point in the house', () => {
    const crossing = crossingAt([40, -4], 'Lange Laan', STREET)!;
    expect(crossing.direction[0]).toBeCloseTo(0);
    expect(crossing.direction[1]).toBeCloseTo(1);
    expect([crossing.facade, crossing.kerb, crossing.farKerb, crossing.farFacade]).toEqual([4, 7, 14, 16.5]);
    expect(pavementWidth(crossing, 'here')).toBe(3);
    expect(pavementWidth(crossing, 'there')).toBe(2.5);
  });

  it('finds the façade behind an address that lies on the pavement', () => {
    const crossing = crossingAt([40, 2], 'Lange Laan', STREET)!;
    expect([crossing.facade, crossing.kerb]).toEqual([-2, 1]);
  });

  it('crosses the street of the address, not the nearest one', () => {
    expect(crossingAt([95, -4], 'Lange Laan', STREET)!.direction[1]).toBeCloseTo(1);
    expect(crossingAt([95, -4], 'Zijstraat', STREET)).toBeNull();
  });

  it('does without axes, towards the nearest carriageway', () => {
    const crossing = crossingAt([40, -4], 'Lange Laan', STREET.filter((one) => one.surface !== 'axis'))!;
    expect([crossing.facade, crossing.kerb]).toEqual([4, 7]);
  });

  it('knows no place where there is no street', () => {
    expect(crossingAt([40, -200], null, STREET)).toBeNull();
  });
});

describe('a place by address', () => {
  const crossing = crossingAt([40, -4], 'Lange Laan', STREET)!;

  it('leaves so many metres free between façade or kerb and the near side of the element', () => {
    // A bench 0.6 deep, 0.4 from the façade at y = 0: its middle at 0.7. From the kerb at 3: 3 - 0.4 - 0.3 = 2.3.
    expect(placeAcross(crossing, 'here', 'facade', 0.4, 0.6)!.at.map((n) => Math.round(n * 100) / 100)).toEqual([40, 0.7]);
    expect(placeAcross(crossing, 'here', 'kerb', 0.4, 0.6)!.at[1]).toBeCloseTo(2.3);
    // Two metres deep on the road, against the kerb: 3 + 1 = 4.
    expect(placeAcross(crossing, 'here', 'road', 0, 2)!.at[1]).toBeCloseTo(4);
  });

  it('mirrors that on the other side', () => {
    // Façade at 12.5, kerb at 10: 12.5 - 0.7 = 11.8; 10 + 0.7 = 10.7; on the road 10 - 1 = 9.
    expect(placeAcross(crossing, 'there', 'facade', 0.4, 0.6)!.at[1]).toBeCloseTo(11.8);
    expect(placeAcross(crossing, 'there', 'kerb', 0.4, 0.6)!.at[1]).toBeCloseTo(10.7);
    expect(placeAcross(crossing, 'there', 'road', 0, 2)!.at[1]).toBeCloseTo(9);
  });

  it('shifts to the right of who stands with the back to the house, and lies along the street', () => {
    const place = placeAcross(crossing, 'here', 'facade', 0, 1, 5)!;
    expect(place.at[0]).toBeCloseTo(45);
    expect(place.rotation).toBeCloseTo(90);
  });

  it('has no place from a façade that is not on the map', () => {
    const open = crossingAt([40, 2], 'Lange Laan', STREET.filter((one) => one.surface !== 'building'))!;
    expect(placeAcross(open, 'here', 'facade', 1, 1)).toBeNull();
    expect(placeAcross(open, 'here', 'kerb', 1, 1)).not.toBeNull();
  });

  it('reads odd and even from numbers with letters and ranges', () => {
    expect([isOdd('7a'), isOdd('12-14'), isOdd(''), isOdd(null)]).toEqual([true, false, null, null]);
  });
});
