import type { Feature } from 'geojson';
import { describe, expect, it } from 'vitest';
import { Local, type Spot } from './local';
import { namePlaces } from './names';

const local = new Local([4.3571, 52.0116]);
const axis = (name: string | null, ...spots: Spot[]): Feature => ({
  type: 'Feature', properties: { kind: 'street_axis', name }, geometry: { type: 'LineString', coordinates: spots.map((spot) => local.from(spot)) },
});

describe('names of streets', () => {
  it('stand once, where the street is straight and near', () => {
    const found = namePlaces(local, [axis('Kade', [-60, 0], [-20, 0], [-19, 1]), axis('Kade', [-10, 0], [30, 0])], 150);
    expect(found).toHaveLength(1);
    expect(found[0]!.at[0]).toBeCloseTo(10, 3);
    expect(found[0]!.turn).toBeCloseTo(90, 3);
  });

  it('read towards the north, whichever way the line was drawn', () => {
    const turns = [axis('Gracht', [0, 0], [0, 50]), axis('Steeg', [20, 50], [20, 0])].map((feature) => namePlaces(local, [feature], 150)[0]!.turn);
    expect(turns[0]).toBeCloseTo(0, 3);
    expect(turns[1]).toBeCloseTo(0, 3);
  });

  it('are left out without a name, without room, or far away', () => {
    const lanes = [axis(null, [0, 0], [50, 0]), axis('Burgemeesterswandeling', [0, 0], [5, 0]), axis('Ver', [400, 0], [500, 0])];
    expect(namePlaces(local, lanes, 150)).toEqual([]);
  });
});
