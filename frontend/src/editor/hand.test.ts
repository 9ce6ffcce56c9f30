import type { Geometry } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { describe, expect, it } from 'vitest';
import type { Over } from '../map/over';
import { apart, fromSegment, Hand, type Look } from './hand';

/** A map at zoom 18, north up, on which a hundred-thousandth of a degree is a pixel. */
const map = {
  project: ([x, y]: [number, number]) => ({ x: x * 1e5, y: -y * 1e5 }),
  unproject: ([x, y]: [number, number]) => ({ lng: x / 1e5, lat: -y / 1e5 }),
  getZoom: () => 18,
  getBearing: () => 0,
  on: () => undefined,
} as unknown as LibreMap;

function holding(geometry: Geometry): Hand {
  const hand = new Hand(map, { show: () => undefined, shown: () => [] } as unknown as Over);
  const change = { key: 'a', action: 'add', kind: 'bench', object: null, objectKind: null, geometry, rotation: 0, width: null } as const;
  hand.take({ change, ground: [geometry], chalk: 'green', tile: null as unknown as SVGElement, movable: true } satisfies Look, false);
  return hand;
}

const degrees = (...pixels: [number, number][]) => pixels.map(([x, y]) => [x / 1e5, -y / 1e5]);
const line = (...pixels: [number, number][]): Geometry => ({ type: 'LineString', coordinates: degrees(...pixels) });
const area = (...pixels: [number, number][]): Geometry => ({ type: 'Polygon', coordinates: [degrees(...pixels, pixels[0]!)] });

describe('what of the thing in hand is under a finger', () => {
  it('is all of it on its tile, also where the middle of a line lies', () => {
    const hand = holding(line([0, 0], [400, 0]));
    expect(hand.gripAt({ x: 200, y: 0 }, 18)).toEqual({ role: 'whole' });
  });

  it('is a corner at an end, and a new corner beside the tile', () => {
    const hand = holding(line([0, 0], [400, 0]));
    expect(hand.gripAt({ x: 3, y: 2 }, 6)).toEqual({ role: 'corner', index: 0 });
    expect(hand.gripAt({ x: 100, y: 0 }, 6)).toEqual({ role: 'between', index: 0 });
  });

  it('is a new corner halfway where the tile is elsewhere', () => {
    const hand = holding(area([0, 0], [400, 0], [400, 400], [0, 400]));
    expect(hand.gripAt({ x: 200, y: 0 }, 6)).toEqual({ role: 'between', index: 0 });
  });

  it('never is a new corner on an edge too short to tell it from the others', () => {
    const hand = holding(area([0, 0], [30, 0], [30, 30], [0, 30]));
    for (let x = -20; x <= 50; x += 2) for (let y = -20; y <= 50; y += 2) expect(hand.gripAt({ x, y }, 18)?.role).not.toBe('between');
  });

  it('is the grip to turn it, 52 pixels in its direction', () => {
    const hand = holding({ type: 'Point', coordinates: [0, 0] });
    expect(hand.gripAt({ x: 0, y: -52 }, 6)).toEqual({ role: 'turn' });
    expect(hand.gripAt({ x: 0, y: 52 }, 6)).toBeNull();
  });

  it('is ground inside an area and along every one of its edges', () => {
    const ring = degrees([0, 0], [400, 0], [400, 400], [0, 400], [0, 0]);
    const hole = degrees([100, 250], [200, 250], [200, 350], [100, 350], [100, 250]);
    const hand = holding({ type: 'MultiPolygon', coordinates: [[ring, hole]] });
    expect(hand.groundAt({ x: 50, y: 50 }, 0)).toBe(true);
    expect(hand.groundAt({ x: 150, y: 300 }, 6)).toBe(false);
    expect(hand.groundAt({ x: 150, y: 256 }, 6)).toBe(true);
    expect(hand.groundAt({ x: -5, y: 200 }, 6)).toBe(true);
    expect(hand.groundAt({ x: -15, y: 200 }, 6)).toBe(false);
  });
});

describe('how far a finger is', () => {
  it('is measured square to a line between its ends', () => {
    expect(fromSegment({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3);
  });

  it('is measured to the nearer end beyond them', () => {
    expect(fromSegment({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
    expect(fromSegment({ x: -3, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
  });

  it('is the distance to a place where both ends are one', () => {
    expect(fromSegment({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(apart({ x: 3, y: 4 }, { x: 0, y: 0 }));
  });
});
