// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import type { SceneChange } from './design';
import { Tiles } from './tiles';

const change = (key: string, icon: string, verdict: SceneChange['verdict']): SceneChange => ({
  key, icon, verdict, action: 'add', kind: undefined, objectId: null, objectKind: null, objectGeometry: null, rotation: 0, width: null, chalk: 'paving',
  geometry: { type: 'Point', coordinates: [0, 0] },
});

/** Places as they come: a pixel for each change. */
function shown(places: Record<string, [number, number] | null>, changes: SceneChange[], selected: string | null = null): { tiles: Tiles; texts: string[] } {
  const tiles = new Tiles();
  let turn = 0;
  const order = changes.filter(({ key, verdict }) => key === selected || verdict !== 'fits').map(({ key }) => places[key]!);
  tiles.show(changes, selected, () => ({ at: [0, 0], up: 0 }));
  tiles.move(() => {
    const place = order[turn++];
    return place ? { x: place[0], y: place[1] } : null;
  });
  const seen = [...tiles.element.querySelectorAll<HTMLElement>('.scene-tile')].filter(({ hidden }) => !hidden);
  return { tiles, texts: seen.map((tile) => [...tile.querySelectorAll<HTMLElement>('.scene-count')].filter(({ hidden }) => !hidden).map(({ textContent }) => textContent).join('')) };
}

describe('tiles over the picture', () => {
  it('are only for what needs attention or is chosen', () => {
    const all = [change('a', 'i-boom', 'fits'), change('b', 'i-bank', 'conflict'), change('c', 'i-bank', 'fits')];
    const { tiles, texts } = shown({ b: [100, 100], c: [300, 300] }, all, 'c');
    expect(texts).toHaveLength(2);
    expect(tiles.at(100, 100)).toBe('b');
    expect(tiles.at(310, 290)).toBe('c');
    expect(tiles.at(200, 200)).toBeNull();
  });

  it('become one with a count where equal ones lie on top of each other', () => {
    const { texts } = shown({ a: [100, 100], b: [110, 104], c: [400, 100] }, ['a', 'b', 'c'].map((key) => change(key, 'i-fietsenrek', 'conditional')));
    expect(texts.sort()).toEqual(['', '2']);
  });

  it('stand above each other where they differ', () => {
    const { tiles, texts } = shown({ a: [100, 100], b: [104, 96] }, [change('a', 'i-boom', 'conditional'), change('b', 'i-wadi', 'conditional')]);
    expect(texts).toEqual(['', '']);
    expect(tiles.at(100, 100)).toBe('a');
    expect(tiles.at(104, 56)).toBe('b');
  });

  it('are not there for what lies behind', () => {
    expect(shown({ a: null }, [change('a', 'i-boom', 'conflict')]).texts).toEqual([]);
  });
});
