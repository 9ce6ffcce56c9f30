/** Collects coloured triangles of many things into one mesh: the fewer meshes, the faster a weak device draws. */
import { BufferGeometry, Color, Float32BufferAttribute, IcosahedronGeometry, Mesh, ShapeUtils, Vector2, type Material } from 'three';
import { turnedBy, type Area, type Ring, type Spot } from './local';

/** Something to stand on: where (metres east and north), how high above zero, and which way it points. */
export interface Stand {
  at: Spot;
  y: number;
  /** Degrees clockwise from north. */
  turn: number;
}

type Corner = [number, number, number];

const SOFTNESS = 1.6;

export class Mesher {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly colours: number[] = [];
  private readonly uvs: number[] = [];

  get triangles(): number {
    return this.positions.length / 9;
  }

  private vertex([x, y, z]: Corner, [nx, ny, nz]: Corner, colour: Color): void {
    this.positions.push(x, y, z);
    this.normals.push(nx, ny, nz);
    this.colours.push(colour.r, colour.g, colour.b);
    // Patterns lie on the ground in metres, so that they join from one surface to the next.
    this.uvs.push(x, -z);
  }

  private quad(a: Corner, b: Corner, c: Corner, d: Corner, normal: Corner, colour: Color): void {
    for (const corner of [a, b, c, a, c, d]) this.vertex(corner, normal, colour);
  }

  /** A level surface at height `y`, seen from above. */
  flat(area: Area, y: number, colour: Color): void {
    const rings = area.map((ring) => ring.map(([east, north]) => new Vector2(east, north)));
    const all = area.flat();
    for (const face of ShapeUtils.triangulateShape(rings[0]!, rings.slice(1))) {
      const [a, b, c] = face.map((index) => all[index]!) as [Spot, Spot, Spot];
      const clockwise = (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]) < 0;
      for (const [east, north] of clockwise ? [a, c, b] : [a, b, c]) this.vertex([east, y, -north], [0, 1, 0], colour);
    }
  }

  /** Upright sides all around; outer rings run counter-clockwise, holes clockwise. */
  sides(area: Area, bottom: number, top: number, colour: Color): void {
    for (const ring of area) ring.forEach((from, i) => this.side(from, ring[(i + 1) % ring.length]!, bottom, top, colour));
  }

  private side([x1, n1]: Spot, [x2, n2]: Spot, bottom: number, top: number, colour: Color): void {
    const length = Math.hypot(x2 - x1, n2 - n1);
    if (length === 0) return;
    const normal: Corner = [(n2 - n1) / length, 0, (x2 - x1) / length];
    this.quad([x1, bottom, -n1], [x2, bottom, -n2], [x2, top, -n2], [x1, top, -n1], normal, colour);
  }

  prism(area: Area, bottom: number, top: number, colour: Color, roof: Color = colour): void {
    this.sides(area, bottom, top, colour);
    this.flat(area, top, roof);
  }

  /** A block of `wide` (to the right) by `long` (ahead), its middle `right` and `ahead` of where the thing stands. */
  block(stand: Stand, { right = 0, ahead = 0, up = 0, wide, long, high }: Block, colour: Color): void {
    const corners: Spot[] = [[-wide / 2, -long / 2], [wide / 2, -long / 2], [wide / 2, long / 2], [-wide / 2, long / 2]];
    const ring = corners.map(([x, y]) => placed(stand, [x + right, y + ahead]));
    this.prism([ring], stand.y + up, stand.y + up + high, colour);
    this.under(ring, stand.y + up, colour);
  }

  private under(ring: Ring, y: number, colour: Color): void {
    const [a, b, c, d] = ring.map(([east, north]) => [east, y, -north] as Corner) as [Corner, Corner, Corner, Corner];
    this.quad(d, c, b, a, [0, -1, 0], colour);
  }

  /** An upright tube or cone; `sides` makes it rounder. */
  tube(stand: Stand, { right = 0, ahead = 0, up = 0, radius, top = radius, high, sides = 7 }: Tube, colour: Color): void {
    const [east, north] = placed(stand, [right, ahead]);
    const low = stand.y + up;
    const at = (i: number, r: number, y: number): Corner => {
      const angle = (i / sides) * 2 * Math.PI;
      return [east + Math.cos(angle) * r, y, -north - Math.sin(angle) * r];
    };
    for (let i = 0; i < sides; i++) {
      const angle = ((i + 0.5) / sides) * 2 * Math.PI;
      const normal: Corner = [Math.cos(angle), 0, -Math.sin(angle)];
      this.quad(at(i, radius, low), at(i + 1, radius, low), at(i + 1, top, low + high), at(i, top, low + high), normal, colour);
      for (const corner of [at(i, top, low + high), at(i + 1, top, low + high), [east, low + high, -north] as Corner]) this.vertex(corner, [0, 1, 0], colour);
    }
  }

  /** A leafy lump: an uneven ball, `low` coloured below and `high` above; `detail` 2 is round enough to stand close by. */
  lump(at: Corner, radius: Corner, seed: number, low: Color, high: Color, detail = 1): void {
    const ball = ballOf(detail);
    const colour = new Color();
    for (let i = 0; i < ball.length; i += 9) {
      const corners = [0, 3, 6].map((k) => uneven([ball[i + k]!, ball[i + k + 1]!, ball[i + k + 2]!], seed));
      const normal = cross(corners as [Corner, Corner, Corner]);
      for (const [x, y, z] of corners as Corner[]) {
        colour.copy(low).lerp(high, Math.min(1, Math.max(0, 0.5 + y / 2)));
        // Half flat, half round: leaves look soft without a thousand faces.
        const soft = unit([normal[0] + x * SOFTNESS, normal[1] + y * SOFTNESS, normal[2] + z * SOFTNESS]);
        this.vertex([at[0] + x * radius[0], at[1] + y * radius[1], at[2] + z * radius[2]], soft, colour);
      }
    }
  }

  /** A strip of `width` along a line at height `y`; with `dash` in pieces of so many metres, with the same gap between. */
  strip(line: Spot[], width: number, y: number, colour: Color, dash = 0, gap = dash * 0.55): void {
    let walked = 0;
    const period = dash + gap;
    for (let i = 1; i < line.length; i++) {
      const [from, to] = [line[i - 1]!, line[i]!];
      const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
      if (length === 0) continue;
      if (!dash) this.piece(from, to, 0, length, length, width, y, colour);
      for (let at = dash ? -(walked % period) : length; at < length; at += period) {
        const [begin, end] = [Math.max(0, at), Math.min(length, at + dash)];
        if (end > begin) this.piece(from, to, begin, end, length, width, y, colour);
      }
      walked += length;
    }
  }

  private piece(from: Spot, to: Spot, begin: number, end: number, length: number, width: number, y: number, colour: Color): void {
    const [dx, dn] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length];
    const corner = (along: number, aside: number): Corner => [from[0] + dx * along - dn * aside, y, -(from[1] + dn * along + dx * aside)];
    this.quad(corner(begin, -width / 2), corner(end, -width / 2), corner(end, width / 2), corner(begin, width / 2), [0, 1, 0], colour);
  }

  build(material: Material, shadows: { cast?: boolean; receive?: boolean } = {}): Mesh {
    const geometry = new BufferGeometry();
    geometry.setAttribute('position', new Float32BufferAttribute(this.positions, 3));
    geometry.setAttribute('normal', new Float32BufferAttribute(this.normals, 3));
    geometry.setAttribute('color', new Float32BufferAttribute(this.colours, 3));
    geometry.setAttribute('uv', new Float32BufferAttribute(this.uvs, 2));
    const mesh = new Mesh(geometry, material);
    mesh.castShadow = shadows.cast ?? true;
    mesh.receiveShadow = shadows.receive ?? true;
    return mesh;
  }
}

export interface Block {
  right?: number;
  ahead?: number;
  up?: number;
  wide: number;
  long: number;
  high: number;
}

export interface Tube {
  right?: number;
  ahead?: number;
  up?: number;
  radius: number;
  top?: number;
  high: number;
  sides?: number;
}

export function placed({ at, turn }: Stand, spot: Spot): Spot {
  const [east, north] = turnedBy(spot, turn);
  return [at[0] + east, at[1] + north];
}

const balls = new Map<number, ArrayLike<number>>();

function ballOf(detail: number): ArrayLike<number> {
  let ball = balls.get(detail);
  if (!ball) {
    const made = new IcosahedronGeometry(1, detail);
    ball = made.getAttribute('position').array;
    made.dispose();
    balls.set(detail, ball);
  }
  return ball;
}

/** Pushes a point of the ball in or out, always the same for the same point and seed, so that faces stay joined. */
function uneven([x, y, z]: Corner, seed: number): Corner {
  const noise = Math.sin(x * 5.1 + seed) * Math.sin(y * 4.3 + seed * 1.7) * Math.sin(z * 4.7 + seed * 2.3);
  const scale = 1 + 0.16 * noise;
  return [x * scale, y * scale, z * scale];
}

function cross([a, b, c]: [Corner, Corner, Corner]): Corner {
  const u = [b[0] - a[0], b[1] - a[1], b[2] - a[2]] as Corner;
  const v = [c[0] - a[0], c[1] - a[1], c[2] - a[2]] as Corner;
  const n: Corner = [u[1] * v[2] - u[2] * v[1], u[2] * v[0] - u[0] * v[2], u[0] * v[1] - u[1] * v[0]];
  return unit(n);
}

function unit([x, y, z]: Corner): Corner {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
