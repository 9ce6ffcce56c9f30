// @vitest-environment jsdom
import type { Feature, FeatureCollection, Position } from 'geojson';
import { describe, expect, it } from 'vitest';
import { centre, offset, rectangle } from '../core/geo';
import { Acts } from './acts';
import type { Change } from './model';
import { Shop, type EditorConfig, type StreetThing } from './shop';
import { Snapper } from './snapper';
import { Store } from './store';
import type { Api } from '../core/api';

const ORIGIN: Position = [4.36, 52.01];
const at = (x: number, y: number): Position => offset(ORIGIN, x, y);
const ring = (x0: number, y0: number, x1: number, y1: number): Position[] => [at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0)];
const area = (id: number, kind: string, ...box: [number, number, number, number]): Feature => ({
  type: 'Feature', id, properties: { kind }, geometry: { type: 'Polygon', coordinates: [ring(...box)] },
});

/**
 * A street from west to east, in metres: pavement up to y = 4, then bays (two along the kerb from x = 10 to 22, two at a right
 * angle to it from x = 60 to 65), then carriageway up to y = 12.
 */
const BAYS: Feature[] = [area(2, 'parking', 10, 4, 16, 6), area(3, 'parking', 16, 4, 22, 6), area(4, 'parking', 60, 4, 62.5, 9), area(5, 'parking', 62.5, 4, 65, 9)];
const ROAD: Feature = {
  type: 'Feature', id: 6, properties: { kind: 'carriageway' },
  geometry: {
    type: 'Polygon',
    coordinates: [[at(0, 4), at(10, 4), at(10, 6), at(22, 6), at(22, 4), at(60, 4), at(60, 9), at(65, 9), at(65, 4), at(100, 4), at(100, 12), at(0, 12), at(0, 4)]],
  },
};
const BENCH: Feature = { type: 'Feature', id: 7, properties: { kind: 'bench' }, geometry: { type: 'Point', coordinates: at(30, 1.5) } };
const LIME: Feature = { type: 'Feature', id: 8, properties: { kind: 'dwelling' }, geometry: { type: 'Point', coordinates: at(31, 1.5) } };
const STREET: FeatureCollection = { type: 'FeatureCollection', features: [area(1, 'pavement', 0, 0, 100, 4), ...BAYS, ROAD, BENCH, LIME] };

/** The workshop's parts about this street, which the server answers with. */
async function street() {
  const api = { get: async () => ({ data: STREET }) } as unknown as Api;
  const settings = { assignment: { area: { type: 'Polygon', coordinates: [ring(0, 0, 100, 12)] }, kinds: null } } as unknown as EditorConfig;
  const shop = new Shop(settings, new Store(), api);
  await shop.nearby([0, 0, 1, 1]);
  await shop.street.load(ORIGIN, 100);
  const snapper = new Snapper(shop, shop.street, () => 0.1);
  return { shop, snapper, acts: new Acts(shop), thing: (id: number) => shop.things.get(String(id)) as StreetThing };
}

/** A place in the street's metres. */
function metres(shop: Shop, position: Position): [number, number] {
  const [x, y] = shop.street.local(position);
  const [x0, y0] = shop.street.local(at(0, 0));
  return [x - x0, y - y0];
}

describe('moving what exists', () => {
  it('puts a bench with its side against the kerb', async () => {
    const { shop, snapper, acts, thing } = await street();
    // 0.6 wide: its middle comes 0.3 from the kerb at y = 4.
    const landed = snapper.whole(acts.movedThing(thing(7), at(40, 3.4)), false)!;
    const [x, y] = metres(shop, centre(landed.change.geometry));
    expect([x, y]).toEqual([expect.closeTo(40, 2), expect.closeTo(3.7, 2)]);
    expect(landed.change.rotation).toBeCloseTo(90, 1);
    expect(landed.snap.to).toBe('kerb');
    // It shows as it will lie: its 1.8 m along the kerb, its 0.6 m across it.
    const corners = (shop.ground(landed.change)[0] as { coordinates: Position[][] }).coordinates[0]!.map((corner) => metres(shop, corner));
    expect(Math.max(...corners.map(([, y]) => y))).toBeCloseTo(4, 2);
    expect(Math.max(...corners.map(([x]) => x)) - Math.min(...corners.map(([x]) => x))).toBeCloseTo(1.8, 2);
    acts.moveThing(thing(7), at(40, 3.4), landed);
    expect(shop.store.state.changes[0]).toMatchObject({ action: 'move', object: 7, geometry: landed.change.geometry, rotation: landed.change.rotation });
    // And again when the change is pulled further along.
    const pulled = snapper.whole({ ...shop.store.state.changes[0]!, geometry: { type: 'Point', coordinates: at(45, 3.5) } }, false)!;
    expect(metres(shop, centre(pulled.change.geometry))).toEqual([expect.closeTo(45, 2), expect.closeTo(3.7, 2)]);
  });

  it('puts a bay in line with the others, but not against its own old place', async () => {
    const { shop, snapper, acts, thing } = await street();
    // The row ends at x = 22; a bay of 6 m comes to lie from 22 to 28, its middle at 25.
    const { change } = snapper.whole(acts.movedThing(thing(2), at(25.4, 5.3)), false)!;
    expect(metres(shop, centre(change.geometry))).toEqual([expect.closeTo(25, 1), expect.closeTo(5, 1)]);
    const box = rectangle(change.geometry)!;
    expect([Math.min(box.width, box.length), Math.max(box.width, box.length)]).toEqual([expect.closeTo(2, 2), expect.closeTo(6, 2)]);
    // Where bay 3 was, from 16 to 22, is no bay any more once it is bay 3 that moves: it goes along its kerb.
    const own = snapper.whole(acts.movedThing(thing(3), at(25, 5.3)), false)!;
    expect(own.snap.to).toBe('kerb');
  });

  it('keeps a bay at a right angle to its kerb', async () => {
    const { shop, snapper, acts, thing } = await street();
    // Beside the last one, which ends at x = 65: from 65 to 67.5.
    const { change } = snapper.whole(acts.movedThing(thing(4), at(66.4, 6.7)), false)!;
    expect(metres(shop, centre(change.geometry))).toEqual([expect.closeTo(66.25, 1), expect.closeTo(6.5, 1)]);
    const corners = (change.geometry as { coordinates: Position[][] }).coordinates[0]!.map((corner) => metres(shop, corner));
    expect(Math.max(...corners.map(([, y]) => y)) - Math.min(...corners.map(([, y]) => y))).toBeCloseTo(5, 1);
  });

  it('leaves it where it is held with Alt, when switched off, far from an edge, and where its size is not known', async () => {
    const { snapper, acts, thing } = await street();
    const held = acts.movedThing(thing(7), at(40, 3.4));
    expect(snapper.whole(held, true)).toBeNull();
    snapper.on = false;
    expect(snapper.whole(held, false)).toBeNull();
    snapper.on = true;
    expect(snapper.whole(acts.movedThing(thing(7), at(40, 1.9)), false)).toBeNull();
    const unknown: Change = { ...held, objectKind: 'dwelling' };
    expect(snapper.whole(unknown, false)).toBeNull();
  });
});
