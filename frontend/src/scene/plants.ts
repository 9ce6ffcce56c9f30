/** Trees, hedges and beds. A tree is a trunk and a few leafy lumps, each tree a little different and always the same. */
import type { Color } from 'three';
import type { Mesher, Stand } from './mesher';
import { placed } from './mesher';
import type { Area, Spot } from './local';

export interface TreeSize {
  crown_radius_m: number;
  height_m: number;
}

export interface Growth extends TreeSize {
  years: number;
}

export const AGES = [0, 10, 20] as const;
export type Age = (typeof AGES)[number];

/** The size at an age, from the server's curve; what grows in no table keeps the `usual` size. */
export function sizeAt(growth: readonly Growth[] | null | undefined, age: Age, usual: TreeSize): TreeSize {
  return growth?.find(({ years }) => years === age) ?? usual;
}

export interface Leaves {
  low: Color;
  high: Color;
  trunk: Color;
}

/** A number from 0 to 1 that belongs to a place, so that a tree looks the same each time. */
export function chance([east, north]: Spot, salt: number): number {
  const value = Math.sin(east * 12.9898 + north * 78.233 + salt * 37.719) * 43758.5453;
  return value - Math.floor(value);
}

/** The crown is as wide and as high as the size says; the stem is free to 0.35 of the height, or 2.5 m when that is less. */
export function tree(mesher: Mesher, stand: Stand, { crown_radius_m: radius, height_m: height }: TreeSize, leaves: Leaves, detail = 2): void {
  const stem = Math.min(0.35 * height, 2.5);
  const thick = 0.05 + height * 0.014;
  mesher.tube(stand, { radius: thick, top: thick * 0.6, high: stem + (height - stem) * 0.4, sides: 6 }, leaves.trunk);
  const half = (height - stem) / 2;
  const seed = chance(stand.at, 1) * 6;
  const lumps = 5;
  const at = (spot: Spot, up: number): [number, number, number] => {
    const [east, north] = placed(stand, spot);
    return [east, stand.y + up, -north];
  };
  mesher.lump(at([0, 0], stem + half * 1.12), [radius * 0.8, half * 0.88, radius * 0.8], seed, leaves.low, leaves.high, detail);
  for (let i = 0; i < lumps; i++) {
    const angle = ((i + chance(stand.at, i + 2) * 0.6) / lumps) * 2 * Math.PI;
    const size = radius * (0.46 + chance(stand.at, i + 9) * 0.14);
    const out = radius - size;
    mesher.lump(
      at([Math.cos(angle) * out, Math.sin(angle) * out], stem + half * (0.7 + 0.45 * chance(stand.at, i + 5))),
      [size, half * 0.62, size], seed + i, leaves.low, leaves.high, detail,
    );
  }
}

/** A row of leafy blocks along a line. */
export function hedge(mesher: Mesher, line: Spot[], width: number, height: number, y: number, leaves: Leaves): void {
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const long = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (long < 0.05) continue;
    const turn = (Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI;
    const stand: Stand = { at: [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2], y, turn };
    mesher.block(stand, { wide: width, long: long + width * 0.3, high: height * 0.86 }, leaves.low);
    mesher.block(stand, { wide: width * 0.86, long: long + width * 0.2, high: height * 0.14, up: height * 0.86 }, leaves.high);
  }
}

/** Plants spread over an area: a low mass with tufts on it, about two per square metre and never more than `most`. */
export function bed(mesher: Mesher, area: Area, inside: (spot: Spot) => boolean, height: number, y: number, leaves: Leaves, most = 160): void {
  const low = Math.min(0.18, height * 0.5);
  mesher.prism(area, y - 0.1, y + low, leaves.low, leaves.low);
  const xs = area[0]!.map(([x]) => x);
  const ys = area[0]!.map(([, north]) => north);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const gap = Math.max(0.7, Math.sqrt(((east - west) * (north - south)) / most));
  for (let x = west + gap / 2; x < east; x += gap) {
    for (let n = south + gap / 2; n < north; n += gap) {
      const spot: Spot = [x + (chance([x, n], 1) - 0.5) * gap * 0.6, n + (chance([x, n], 2) - 0.5) * gap * 0.6];
      if (!inside(spot)) continue;
      const size = 0.22 + chance(spot, 3) * 0.18;
      const high = (height - low) * (0.45 + 0.5 * chance(spot, 4));
      mesher.lump([spot[0], y + low + high * 0.3, -spot[1]], [size, Math.max(0.1, high * 0.7), size], chance(spot, 5) * 6, leaves.low, leaves.high);
    }
  }
}

