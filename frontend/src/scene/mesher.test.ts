import { Color, MeshBasicMaterial, type Mesh } from 'three';
import { describe, expect, it } from 'vitest';
import type { Area, Spot } from './local';
import { Mesher } from './mesher';

const GREY = new Color('#888888');
const SQUARE: Area = [[[0, 0], [10, 0], [10, 10], [0, 10]]];
const HOLE: Spot[] = [[4, 4], [4, 6], [6, 6], [6, 4]];

const built = (fill: (mesher: Mesher) => void): Mesh => {
  const mesher = new Mesher();
  fill(mesher);
  return mesher.build(new MeshBasicMaterial());
};

type Corner = [number, number, number];

function triangles(mesh: Mesh): { corners: [Corner, Corner, Corner]; normal: Corner }[] {
  const [position, normal] = [mesh.geometry.getAttribute('position'), mesh.geometry.getAttribute('normal')];
  const corner = (attribute: typeof position, i: number): Corner => [attribute.getX(i), attribute.getY(i), attribute.getZ(i)];
  return Array.from({ length: position.count / 3 }, (_, i) => ({
    corners: [corner(position, i * 3), corner(position, i * 3 + 1), corner(position, i * 3 + 2)], normal: corner(normal, i * 3),
  }));
}

/** The normal that follows from the order of the corners, as long as twice the triangle's surface. */
function turned([a, b, c]: [Corner, Corner, Corner]): Corner {
  const [u, v] = [b.map((n, i) => n - a[i]!), c.map((n, i) => n - a[i]!)] as [Corner, Corner];
  return [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
}

const surface = (mesh: Mesh): number => triangles(mesh).reduce((sum, { corners }) => sum + Math.hypot(...turned(corners)) / 2, 0);

describe('shapes', () => {
  it('a level surface is as large as its outline, without the hole, and is seen from above', () => {
    const mesh = built((mesher) => mesher.flat([SQUARE[0]!, HOLE], 0.1, GREY));
    expect(surface(mesh)).toBeCloseTo(96);
    for (const { corners } of triangles(mesh)) {
      expect(turned(corners)[1]).toBeGreaterThan(0);
      expect(corners.map(([, y]) => Math.fround(y))).toEqual([0.1, 0.1, 0.1].map(Math.fround));
    }
  });

  it('north is away from you: a place 10 m north lies at z = -10', () => {
    const mesh = built((mesher) => mesher.flat(SQUARE, 0, GREY));
    const zs = triangles(mesh).flatMap(({ corners }) => corners.map(([, , z]) => z));
    expect(Math.min(...zs)).toBe(-10);
    expect(Math.max(...zs) + 0).toBe(0);
  });

  it('a prism has four walls and a roof, and every face looks outwards', () => {
    const mesh = built((mesher) => mesher.prism(SQUARE, 0, 6, GREY));
    expect(surface(mesh)).toBeCloseTo(4 * 10 * 6 + 100);
    for (const { corners, normal } of triangles(mesh)) {
      const middle = [0, 1, 2].map((axis) => (corners[0][axis]! + corners[1][axis]! + corners[2][axis]!) / 3) as Corner;
      const outwards = (middle[0] - 5) * normal[0] + (middle[1] - 3) * normal[1] + (middle[2] + 5) * normal[2];
      expect(outwards).toBeGreaterThan(0);
      const winding = turned(corners);
      expect(winding[0] * normal[0] + winding[1] * normal[1] + winding[2] * normal[2]).toBeGreaterThan(0);
    }
  });

  it('a block keeps its size and points where it is turned to', () => {
    const mesh = built((mesher) => mesher.block({ at: [100, 50], y: 0.1, turn: 90 }, { wide: 0.6, long: 1.8, high: 0.45 }, GREY));
    mesh.geometry.computeBoundingBox();
    const { min, max } = mesh.geometry.boundingBox!;
    expect(max.x - min.x).toBeCloseTo(1.8);
    expect(max.z - min.z).toBeCloseTo(0.6);
    expect(max.y - min.y).toBeCloseTo(0.45);
    expect((max.x + min.x) / 2).toBeCloseTo(100);
    expect((max.z + min.z) / 2).toBeCloseTo(-50);
  });

  it('a strip is as long as its line; dashes leave their gaps and go on around a corner', () => {
    const line: Spot[] = [[0, 0], [10, 0], [10, 10]];
    expect(surface(built((mesher) => mesher.strip(line, 0.2, 0, GREY)))).toBeCloseTo(20 * 0.2);
    // Dashes of 1 m with 1 m between them on 20 m: ten of them, whole or in two pieces.
    expect(surface(built((mesher) => mesher.strip(line, 0.2, 0, GREY, 1, 1)))).toBeCloseTo(10 * 0.2);
    expect(surface(built((mesher) => mesher.strip([[0, 0], [2.5, 0], [2.5, 7.5]], 0.2, 0, GREY, 1, 1)))).toBeCloseTo(5 * 0.2);
  });
});
