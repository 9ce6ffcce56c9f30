import type { Feature } from 'geojson';
import { expect, it } from 'vitest';
import { show } from './show';

const point = (x: number): Feature => ({ type: 'Feature', properties: { key: 'a' }, geometry: { type: 'Point', coordinates: [x, 0] } });

function map() {
  const set: unknown[] = [];
  const source = { setData: (data: unknown) => set.push(data) };
  return { set, map: { getSource: (id: string) => (id === 'own' ? source : undefined) } as unknown as Parameters<typeof show>[0] };
}

it('draws what is new, and not the same twice', () => {
  const { map: drawn, set } = map();
  show(drawn, 'own', [point(1)]);
  show(drawn, 'own', [point(1)]);
  show(drawn, 'own', [point(2)]);
  show(drawn, 'own', []);
  expect(set).toEqual([[point(1)], [point(2)], []].map((features) => ({ type: 'FeatureCollection', features })));
});

it('draws it anew when the source was made anew', () => {
  const one = map();
  const other = map();
  show(one.map, 'own', [point(1)]);
  show(other.map, 'own', [point(1)]);
  expect(other.set).toHaveLength(1);
});

it('leaves a map without that source, or no map, alone', () => {
  const { map: drawn, set } = map();
  show(drawn, 'gone', [point(1)]);
  show(undefined, 'own', [point(1)]);
  expect(set).toEqual([]);
});
