import { describe, expect, it } from 'vitest';
import { patch, type Patch, type Vec } from './plane';
import { boxOf, edgeAt, snapBody, snapPoint } from './snap';

const box = (x0: number, y0: number, x1: number, y1: number): Vec[] => [[x0, y0], [x1, y0], [x1, y1], [x0, y1], [x0, y0]];

/**
 * A street from west to east, in metres. From south to north: houses up to 0, pavement 0 to 4 (in two pieces that meet at
 * x = 50), bays from 4 to 6 between x = 10 and 22, else carriageway up to 12, then pavement to 15 and houses.
 */
const STREET: Patch[] = [
  patch('house', 'building', [box(0, -10, 100, 0)]),
  patch('west', 'walk', [box(0, 0, 50, 4)]),
  patch('east', 'walk', [box(50, 0, 100, 4)]),
  patch('bay', 'bay', [box(10, 4, 16, 6)]),
  patch('bay 2', 'bay', [box(16, 4, 22, 6)]),
  patch('road', 'road', [[[0, 4], [10, 4], [10, 6], [22, 6], [22, 4], [100, 4], [100, 12], [0, 12], [0, 4]]]),
  patch('north', 'walk', [box(0, 12, 100, 15)]),
  patch('houses', 'building', [box(0, 15, 100, 25)]),
  patch('axis', 'axis', [[[0, 8], [100, 8]]]),
];
const ALL = ['kerb', 'facade', 'bay', 'axis'] as const;
const bench = { width: 0.6, length: 1.8 };

describe('edges of a street', () => {
  const east: Vec = [1, 0];
  it('knows a kerb, a façade and the edge of a bay by what lies on both sides', () => {
    expect(edgeAt(STREET, [40, 4], east)?.kind).toBe('kerb');
    expect(edgeAt(STREET, [12, 4], east)?.kind).toBe('kerb');
    expect(edgeAt(STREET, [40, 0], east)).toEqual({ kind: 'facade', free: [-0, 1] });
    expect(edgeAt(STREET, [12, 6], east)?.kind).toBe('bay');
  });

  it('takes a seam between two pieces of pavement for nothing', () => {
    expect(edgeAt(STREET, [50, 2], [0, 1])).toBeNull();
    expect(snapBody([50.1, 2], { width: 0.6, length: 0.6 }, STREET, 0.5, ALL)).toBeNull();
  });
});

describe('an element along an edge', () => {
  it('stands with its side against the kerb, on the side where it is held', () => {
    // The bench is 0.6 wide: its middle comes 0.3 from the kerb at y = 4, so at 3.7; held at 3.5 it moves 0.2.
    const snap = snapBody([40, 3.5], bench, STREET, 1, ALL)!;
    expect(snap.at[0]).toBeCloseTo(40);
    expect(snap.at[1]).toBeCloseTo(3.7);
    expect(snap.rotation).toBeCloseTo(90);
    expect(snap.to).toBe('kerb');
    expect(snap.shift).toBeCloseTo(0.2);
    // From the carriageway the same kerb lets it stand at 4.3.
    expect(snapBody([40, 4.6], bench, STREET, 1, ['kerb'])!.at[1]).toBeCloseTo(4.3);
  });

  it('stands outside a building, also when it is held over the wall', () => {
    const inside = snapBody([40, -0.2], bench, STREET, 1, ALL)!;
    expect(inside.to).toBe('facade');
    expect(inside.at[1]).toBeCloseTo(0.3);
    expect(inside.shift).toBeCloseTo(0.5);
  });

  it('stays where it is when nothing is near enough', () => {
    // Held at 2: 1.7 to the kerb's place (3.7) and 1.7 to the façade's (0.3).
    expect(snapBody([40, 2], bench, STREET, 1.5, ALL)).toBeNull();
    expect(snapBody([40, 2], bench, STREET, 1.8, ALL)).not.toBeNull();
  });

  it('follows an edge at any angle', () => {
    // The same street turned 30 degrees to the left around the origin.
    const [c, s] = [Math.cos(Math.PI / 6), Math.sin(Math.PI / 6)];
    const turn = ([x, y]: Vec): Vec => [x * c - y * s, x * s + y * c];
    const turned = STREET.map((one) => patch(one.id, one.surface, one.rings.map((ring) => ring.map(turn))));
    const snap = snapBody(turn([40, 3.5]), bench, turned, 1, ALL)!;
    const wanted = turn([40, 3.7]);
    expect(snap.at[0]).toBeCloseTo(wanted[0]);
    expect(snap.at[1]).toBeCloseTo(wanted[1]);
    expect(snap.rotation).toBeCloseTo(60);
  });

  it('only goes to the edges that are asked for', () => {
    expect(snapBody([40, 3.5], bench, STREET, 1, ['facade', 'axis'])).toBeNull();
    const hump = snapBody([40, 7.4], { width: 4, length: 6 }, STREET, 1, ['axis'])!;
    expect(hump.at).toEqual([40, 8]);
    expect(hump.rotation).toBeCloseTo(90);
    expect(hump.to).toBe('axis');
  });
});

describe('a bay beside bays', () => {
  it('continues the row: in line, end against end', () => {
    // The last bay ends at x = 22 and lies around y = 5; a new one of 6 metres has its middle at 25.
    const snap = snapBody([25.8, 5.6], { width: 2, length: 6, bay: true }, STREET, 1.5, ALL)!;
    expect(snap.at[0]).toBeCloseTo(25);
    expect(snap.at[1]).toBeCloseTo(5);
    expect(snap.rotation).toBeCloseTo(90);
    expect(snap.to).toBe('bay');
    // On the other side: 10 - 3 = 7.
    expect(snapBody([6.6, 4.7], { width: 2, length: 6, bay: true }, STREET, 1.5, ALL)!.at[0]).toBeCloseTo(7);
  });

  it('is not pulled onto a bay that is there', () => {
    // End to end with the first bay would be x = 19, which is the second bay; it only comes in line with the edge.
    expect(snapBody([18, 5.1], { width: 2, length: 6, bay: true }, STREET, 1.5, ['bay'])!.at[0]).toBeCloseTo(18);
  });

  it('puts a perpendicular bay at the end of a strip of them', () => {
    // The strip is 20 long and 5 deep: a stall 2.5 wide comes with its middle at 20 + 1.25.
    const strip = [patch('strip', 'bay', [box(0, 0, 20, 5)])];
    const snap = snapBody([21, 2.2], { width: 2.5, length: 5, across: true, bay: true }, strip, 1.5, ALL)!;
    expect(snap.at[0]).toBeCloseTo(21.25);
    expect(snap.at[1]).toBeCloseTo(2.5);
    expect(snap.rotation).toBeCloseTo(0);
  });

  it('puts perpendicular bays side by side', () => {
    const stalls = [patch('stall', 'bay', [box(0, 0, 2.5, 5)])];
    const snap = snapBody([4, 2.9], { width: 2.5, length: 5, across: true, bay: true }, stalls, 1.5, ALL)!;
    expect(snap.at[0]).toBeCloseTo(3.75);
    expect(snap.at[1]).toBeCloseTo(2.5);
    expect(snap.rotation).toBeCloseTo(0);
  });

  it('lies against the kerb where no bay is near, perpendicular bays with their short side', () => {
    const along = snapBody([40, 5.3], { width: 2, length: 6, bay: true }, STREET, 1.5, ['bay', 'kerb'])!;
    expect([along.to, along.at[1], along.rotation]).toEqual(['kerb', expect.closeTo(5), expect.closeTo(90)]);
    const across = snapBody([60, 6.1], { width: 2.5, length: 5, across: true, bay: true }, STREET, 1.5, ['bay', 'kerb'])!;
    expect(across.at[1]).toBeCloseTo(6.5);
    expect(across.rotation).toBeCloseTo(0);
  });

  it('measures a slanting bay along its own sides', () => {
    // A rectangle of 6 by 2 turned 45 degrees: its middle is at (2, 2).
    const [a, b] = [3 / Math.SQRT2, 1 / Math.SQRT2];
    const ring: Vec[] = [[2 - a + b, 2 - a - b], [2 + a + b, 2 + a - b], [2 + a - b, 2 + a + b], [2 - a - b, 2 - a + b]];
    const found = boxOf([...ring, ring[0]!])!;
    expect(found.length).toBeCloseTo(6);
    expect(found.width).toBeCloseTo(2);
    expect(found.middle[0]).toBeCloseTo(2);
    expect(found.middle[1]).toBeCloseTo(2);
  });
});

describe('a corner of a line or area', () => {
  it('comes onto the edge', () => {
    const snap = snapPoint([40, 3.6], STREET, 1, ALL)!;
    expect(snap.at[0]).toBeCloseTo(40);
    expect(snap.at[1]).toBeCloseTo(4);
    expect(snap.to).toBe('kerb');
  });

  it('comes onto the corner when that is near', () => {
    const snap = snapPoint([10.2, 4.3], STREET, 1, ALL)!;
    expect(snap.at).toEqual([10, 4]);
  });

  it('stays where nothing is near', () => {
    expect(snapPoint([40, 2], STREET, 1, ALL)).toBeNull();
  });
});
