/** Things in the street as simple shapes of the right size. Existing ones are grey; new ones wear the colours of chalk. */
import type { Color } from 'three';
import type { Mesher, Stand } from './mesher';
import type { ScenePalette } from './palette';
import { hedge, type Leaves } from './plants';
import type { Spot } from './local';

/** What a thing is made of. */
export interface Paint {
  body: Color;
  seat: Color;
  metal: Color;
  glass: Color;
  leaves: Leaves;
  accents: Color[];
}

export function oldPaint(palette: ScenePalette): Paint {
  return {
    body: palette.stone, seat: palette.wood, metal: palette.metal, glass: palette.glass, accents: [palette.stone, palette.metal, palette.wood],
    leaves: { low: palette.oldLeafLow, high: palette.oldLeafHigh, trunk: palette.trunk },
  };
}

export function newPaint(palette: ScenePalette): Paint {
  return {
    body: palette.chalk.paving, seat: palette.newWood, metal: palette.ink, glass: palette.accents[1]!, accents: palette.accents,
    leaves: { low: palette.newLeafLow, high: palette.newLeafHigh, trunk: palette.trunk },
  };
}

/** A removed thing keeps its shape in one colour. */
export function onePaint(colour: Color): Paint {
  return { body: colour, seat: colour, metal: colour, glass: colour, accents: [colour, colour, colour], leaves: { low: colour, high: colour, trunk: colour } };
}

export interface Extent {
  /** Across, along and up, in metres. */
  width: number;
  length: number;
  height: number;
}

type Maker = (mesher: Mesher, stand: Stand, extent: Extent, paint: Paint) => void;

const bench: Maker = (mesher, stand, { width, length, height }, paint) => {
  for (const ahead of [-0.38, 0.38]) {
    mesher.block(stand, { ahead: ahead * length, wide: width * 0.8, long: 0.08, high: height - 0.05 }, paint.metal);
  }
  for (const right of [-0.3, 0, 0.3]) mesher.block(stand, { right: right * width, wide: width * 0.26, long: length, high: 0.05, up: height - 0.05 }, paint.seat);
  for (const up of [0.15, 0.32]) mesher.block(stand, { right: width * 0.48, wide: 0.05, long: length, high: 0.11, up: height + up }, paint.seat);
  for (const ahead of [-0.38, 0.38]) mesher.block(stand, { right: width * 0.5, ahead: ahead * length, wide: 0.06, long: 0.06, high: 0.45, up: height }, paint.metal);
};

/** Inverted U's across the length, one for every 80 cm or so. */
const bikeStand: Maker = (mesher, stand, { width, length, height }, paint) => {
  const count = Math.max(1, Math.round(width / 0.9));
  for (let i = 0; i < count; i++) {
    const right = ((i + 0.5) / count - 0.5) * width;
    const reach = Math.min(0.4, length * 0.3);
    for (const ahead of [-reach, reach]) mesher.tube(stand, { right, ahead, radius: 0.045, high: height, sides: 6 }, paint.metal);
    mesher.block(stand, { right, wide: 0.09, long: reach * 2 + 0.09, high: 0.09, up: height - 0.06 }, paint.metal);
    mesher.block(stand, { right, wide: 0.05, long: reach * 2, high: 0.05, up: height * 0.45 }, paint.body);
  }
};

const bikeHangar: Maker = (mesher, stand, { width, length, height }, paint) => {
  mesher.block(stand, { wide: width, long: length, high: height * 0.62 }, paint.body);
  mesher.block(stand, { wide: width * 0.84, long: length, high: height * 0.22, up: height * 0.62 }, paint.body);
  mesher.block(stand, { wide: width * 0.5, long: length, high: height * 0.16, up: height * 0.84 }, paint.accents[0]!);
};

const lamp: Maker = (mesher, stand, { height }, paint) => {
  const high = Math.max(3, height);
  mesher.tube(stand, { radius: 0.16, high: 0.35, sides: 8 }, paint.metal);
  mesher.tube(stand, { radius: 0.075, top: 0.05, high, sides: 6 }, paint.metal);
  mesher.block(stand, { ahead: 0.4, wide: 0.07, long: 0.9, high: 0.06, up: high }, paint.metal);
  mesher.block(stand, { ahead: 0.65, wide: 0.22, long: 0.5, high: 0.1, up: high - 0.1 }, paint.accents[0]!);
};

const container: Maker = (mesher, stand, { width, length, height }, paint) => {
  const base = Math.min(width, length);
  if (base > 1.2) mesher.block(stand, { wide: width, long: length, high: 0.06 }, paint.metal);
  mesher.block(stand, { wide: Math.min(0.75, base * 0.8), long: Math.min(0.75, base * 0.8), high: height * 0.86 }, paint.body);
  mesher.tube(stand, { radius: Math.min(0.36, base * 0.36), top: Math.min(0.28, base * 0.28), high: height * 0.14, up: height * 0.86, sides: 10 }, paint.metal);
};

const bollard: Maker = (mesher, stand, { height }, paint) => {
  mesher.tube(stand, { radius: 0.1, top: 0.08, high: height * 0.8, sides: 8 }, paint.metal);
  mesher.tube(stand, { radius: 0.09, high: height * 0.12, up: height * 0.7, sides: 8 }, paint.accents[0]!);
  mesher.tube(stand, { radius: 0.08, top: 0.05, high: height * 0.1, up: height * 0.82, sides: 8 }, paint.metal);
};

const hydrant: Maker = (mesher, stand, _extent, paint) => mesher.tube(stand, { radius: 0.14, top: 0.1, high: 0.6, sides: 8 }, paint.metal);

/** Two posts with a beam and a swing, or a climbing frame with a slide when there is room. */
const play: Maker = (mesher, stand, { width, length, height }, paint) => {
  const high = Math.max(1.6, height);
  const [w, l] = [width * 0.42, length * 0.42];
  const [first, second, third] = paint.accents as [Color, Color, Color];
  for (const [right, ahead] of [[-w, -l], [w, -l], [-w, l * 0.1], [w, l * 0.1]] as const) mesher.tube(stand, { right, ahead, radius: 0.07, high, sides: 6 }, paint.body);
  mesher.block(stand, { ahead: -l * 0.45, wide: w * 2, long: l * 1.1, high: 0.08, up: high * 0.5 }, second);
  mesher.block(stand, { ahead: -l * 0.45, wide: w * 2.2, long: l * 1.3, high: 0.1, up: high }, third);
  const steps = 6;
  for (let i = 0; i < steps; i++) {
    mesher.block(stand, { ahead: l * (0.15 + (i / steps) * 0.85), wide: Math.min(0.6, w), long: (l / steps) * 0.95, high: 0.06, up: high * 0.5 * (1 - i / steps) }, first);
  }
};

const busStop: Maker = (mesher, stand, { length }, paint) => {
  const long = Math.min(4, Math.max(2.6, length * 0.3));
  mesher.block(stand, { wide: 1.4, long, high: 0.09, up: 2.4 }, paint.body);
  mesher.block(stand, { right: 0.62, wide: 0.05, long: long * 0.94, high: 2.1, up: 0.25 }, paint.glass);
  for (const ahead of [-0.46, 0.46]) mesher.tube(stand, { right: 0.6, ahead: ahead * long, radius: 0.05, high: 2.4, sides: 6 }, paint.metal);
  mesher.block(stand, { right: 0.35, wide: 0.35, long: long * 0.6, high: 0.06, up: 0.45 }, paint.seat);
  mesher.tube(stand, { right: -0.4, ahead: long * 0.6, radius: 0.04, high: 2.6, sides: 6 }, paint.metal);
  mesher.block(stand, { right: -0.4, ahead: long * 0.6, wide: 0.06, long: 0.45, high: 0.45, up: 2.2 }, paint.accents[0]!);
};

const charger: Maker = (mesher, stand, { height }, paint) => {
  mesher.block(stand, { wide: 0.3, long: 0.22, high: height }, paint.body);
  mesher.block(stand, { wide: 0.31, long: 0.23, high: 0.22, up: height * 0.66 }, paint.accents[1]!);
  mesher.block(stand, { wide: 0.34, long: 0.26, high: 0.05, up: height }, paint.metal);
};

const planter: Maker = (mesher, stand, { width, length, height }, paint) => {
  mesher.block(stand, { wide: width, long: length, high: height * 0.62 }, paint.seat);
  mesher.block(stand, { wide: width * 1.04, long: length * 1.04, high: 0.05, up: height * 0.62 }, paint.metal);
  const [east, north] = stand.at;
  const size = Math.min(width, length) * 0.42;
  mesher.lump([east, stand.y + height * 0.85, -north], [size, height * 0.4, size], east, paint.leaves.low, paint.leaves.high);
  mesher.lump([east + size * 0.4, stand.y + height * 0.95, -north + size * 0.3], [size * 0.6, height * 0.4, size * 0.6], north, paint.leaves.low, paint.leaves.high);
};

const parklet: Maker = (mesher, stand, { width, length }, paint) => {
  mesher.block(stand, { wide: width, long: length, high: 0.16 }, paint.seat);
  bench(mesher, { ...stand, y: stand.y + 0.16 }, { width: 0.5, length: length * 0.5, height: 0.45 }, paint);
  for (const ahead of [-0.42, 0.42]) {
    const [dx, dn] = [Math.sin((stand.turn * Math.PI) / 180), Math.cos((stand.turn * Math.PI) / 180)];
    const at: Spot = [stand.at[0] + dx * ahead * length, stand.at[1] + dn * ahead * length];
    planter(mesher, { ...stand, at, y: stand.y + 0.16 }, { width: width * 0.7, length: length * 0.12, height: 0.8 }, paint);
  }
};

const entrance: Maker = () => undefined;

/** Kind of street object → how it is made. */
export const MAKERS: Record<string, Maker> = {
  bench, bike_stand: bikeStand, bike_hangar: bikeHangar, lamp, container, bollard, hydrant, play, bus_stop: busStop, charger, planter, parklet, entrance,
};

/** Sizes of existing things, of which maps know the place only: those of the same thing in the catalogue. */
export const USUAL: Record<string, Extent> = {
  bench: { width: 0.6, length: 1.8, height: 0.45 },
  bike_stand: { width: 2, length: 2, height: 0.75 },
  lamp: { width: 0.3, length: 0.3, height: 5 },
  container: { width: 0.8, length: 0.8, height: 1.2 },
  bollard: { width: 0.2, length: 0.2, height: 0.9 },
  hydrant: { width: 0.3, length: 0.3, height: 0.6 },
  play: { width: 2, length: 2, height: 2 },
  bus_stop: { width: 1.5, length: 10, height: 2.5 },
  charger: { width: 0.3, length: 0.3, height: 1.5 },
  planter: { width: 1.2, length: 1.2, height: 0.8 },
};

/** A wall or fence along a line. */
export function barrier(mesher: Mesher, line: Spot[], height: number, y: number, colour: Color): void {
  hedge(mesher, line, 0.12, height, y, { low: colour, high: colour, trunk: colour });
}
