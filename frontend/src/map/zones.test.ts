import { describe, expect, it } from 'vitest';
import type { Polygon } from 'geojson';
import { stripes, zoneFeatures, zoneRefusal } from './zones';

const box = (west: number, south: number, east: number, north: number): Polygon => ({
  type: 'Polygon',
  coordinates: [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
});
const point = (x: number, y: number) => ({ type: 'Point' as const, coordinates: [x, y] });

describe('where the brief lets nothing change', () => {
  const roots = { kind: 'fixed' as const, reason: 'Wortels van de linde.', geometry: box(0, 0, 2, 2) };
  const left = { kind: 'free' as const, reason: 'Hier is ruimte.', geometry: box(4, 0, 6, 2) };
  const right = { kind: 'free' as const, reason: 'Hier is ruimte.', geometry: box(6, 0, 8, 2) };

  it('says the reason in a fixed zone, and nothing beside it', () => {
    expect(zoneRefusal([roots], point(1, 1))).toContain('Wortels van de linde.');
    expect(zoneRefusal([roots], point(3, 1))).toBeNull();
    expect(zoneRefusal([roots], box(1, 1, 3, 3))).toContain('Wortels van de linde.');
  });

  it('lets draw only in the free zones where there are any, together as one', () => {
    expect(zoneRefusal([left, right], point(5, 1))).toBeNull();
    expect(zoneRefusal([left, right], { type: 'LineString', coordinates: [[5, 1], [7, 1]] })).toBeNull();
    expect(zoneRefusal([left, right], point(3, 1))).toContain('Hier is ruimte.');
    expect(zoneRefusal([], point(3, 1))).toBeNull();
  });
});

describe('zones on the map', () => {
  it('has stripes that go on over the edges of the picture', () => {
    const { width, height, data } = stripes(12, 4);
    const dark = (x: number, y: number) => data[((y % height) * width + (x % width)) * 4 + 3]! > 0;
    for (let y = 0; y < height; y += 1) {
      expect([...Array(width).keys()].filter((x) => dark(x, y))).toHaveLength(4);
      // One pixel down is one pixel to the left, also from the last row to the first.
      for (let x = 0; x < width; x += 1) expect(dark(x, y + 1)).toBe(dark(x + 1, y));
    }
  });

  it('keeps the kind and the reason with each zone', () => {
    const geometry = { type: 'Polygon' as const, coordinates: [[[4, 52], [5, 52], [5, 53], [4, 52]]] };
    const { features } = zoneFeatures([{ kind: 'fixed', reason: 'Wortels', geometry }]);
    expect(features).toEqual([{ type: 'Feature', properties: { kind: 'fixed', reason: 'Wortels' }, geometry }]);
  });
});
