/** What a design changes: full colours and a dashed chalk edge for what comes, a plum ghost for what goes. */
import type { Geometry } from 'geojson';
import { DoubleSide, Group, MeshBasicMaterial, MeshLambertMaterial, type Texture } from 'three';
import type { Chalk } from '../map/images';
import type { Action, ElementKind, Verdict } from '../editor/model';
import { MAKERS, newPaint, onePaint, type Extent, type Paint } from './furniture';
import { areaContains, middleOf, type Area, type Local, type Ring, type Spot } from './local';
import { Mesher, placed, type Stand } from './mesher';
import { hatch, type ScenePalette } from './palette';
import { bed, hedge, sizeAt, tree, type Age, type Growth } from './plants';
import { KERB_M, type Street } from './street';

/** The parts of the catalogue that only this view needs. */
export type SolidKind = ElementKind & { height_m?: number | null; growth?: Growth[] | null };

export interface SceneChange {
  key: string;
  action: Action;
  kind: SolidKind | undefined;
  /** Kind and place of the existing thing concerned. */
  objectId: string | null;
  objectKind: string | null;
  objectGeometry: Geometry | null;
  geometry: Geometry;
  rotation: number;
  width: number | null;
  chalk: Chalk;
  icon: string;
  verdict: Verdict | null;
}

/** Marks lie just above the highest surface, so that none of them sinks into a pavement. */
const HATCH_Y = KERB_M + 0.025;
const HALO_Y = KERB_M + 0.035;
const LINE_Y = KERB_M + 0.045;
const RING_Y = KERB_M + 0.055;
const DASH_M = 0.55;

const FLAT_GREEN = new Set(['wadi']);
const BEDS = new Set(['planting_bed', 'flower_grass', 'rain_garden', 'facade_garden']);
const RAISED = new Set(['pavement_widening', 'curb_extension', 'raised_junction', 'raised_crossing', 'road_narrowing', 'entry_construction', 'speed_hump', 'bus_stop']);
/** Kinds whose shape is another's than that of what they become. */
const MADE_AS: Record<string, string> = { parklet: 'parklet', bike_hangar: 'bike_hangar', modal_filter: 'bollard' };

export class DesignScene {
  readonly group = new Group();
  private readonly solid = new MeshLambertMaterial({ vertexColors: true });
  private readonly flat = new MeshBasicMaterial({ vertexColors: true, side: DoubleSide });
  private readonly ghost = new MeshLambertMaterial({ vertexColors: true, transparent: true, opacity: 0.42, depthWrite: false });
  private readonly hatches: Record<string, MeshBasicMaterial>;
  private readonly textures: Texture[] = [];
  private readonly paint: Paint;

  constructor(
    private readonly local: Local,
    private readonly palette: ScenePalette,
    private readonly street: Street,
  ) {
    this.paint = newPaint(palette);
    this.hatches = Object.fromEntries(
      Object.entries(palette.chalk).map(([name, colour]) => {
        const map = hatch(colour);
        this.textures.push(map);
        return [name, new MeshBasicMaterial({ map, transparent: true, depthWrite: false, side: DoubleSide })];
      }),
    );
  }

  /** Draws all changes anew: they are few. */
  show(changes: readonly SceneChange[], selected: string | null, age: Age): void {
    this.clear();
    for (const change of changes) this.group.add(this.one(change, change.key === selected, age));
  }

  clear(): void {
    for (const part of [...this.group.children]) {
      part.traverse((object) => (object as { geometry?: { dispose(): void } }).geometry?.dispose());
      this.group.remove(part);
    }
  }

  dispose(): void {
    this.clear();
    [this.solid, this.flat, this.ghost, ...Object.values(this.hatches), ...this.textures].forEach((one) => one.dispose());
  }

  /** A ring of yellow and ink around something that exists, when it is picked. */
  picked(geometry: Geometry): Group {
    const group = new Group();
    const marks = new Mesher();
    this.choose(marks, this.outlines(geometry, null, 0, null));
    group.add(marks.build(this.flat, { cast: false, receive: false }));
    return group;
  }

  private one(change: SceneChange, selected: boolean, age: Age): Group {
    const parts: Parts = { body: new Mesher(), marks: new Mesher(), hatch: new Mesher(), ghost: new Mesher() };
    const gone = change.action === 'remove';
    if (change.objectGeometry && change.objectKind && (gone || change.action === 'move' || change.action === 'replace')) this.leaves(parts, change);
    if (!gone && change.action !== 'keep') this.comes(parts, change, age);
    const outlines = this.outlines(change.geometry, change.kind, change.rotation, change.width);
    const colour = this.palette.chalk[change.chalk];
    for (const line of outlines) this.dashes(parts.marks, line, colour);
    if (selected) this.choose(parts.marks, outlines);
    const group = new Group();
    group.userData.key = change.key;
    group.add(parts.body.build(this.solid), parts.marks.build(this.flat, { cast: false, receive: false }));
    group.add(parts.hatch.build(this.hatches[gone ? 'remove' : change.chalk]!, { cast: false, receive: false }));
    group.add(parts.ghost.build(this.ghost, { cast: false, receive: false }));
    return group;
  }

  /** What is there now and goes, in plum; a surface keeps its place and is hatched. */
  private leaves(parts: Parts, change: SceneChange): void {
    const geometry = change.objectGeometry!;
    const paint = onePaint(this.palette.chalk.remove);
    if (change.action !== 'replace' || change.objectKind !== 'parking') {
      this.street.make(parts.ghost, { kind: change.objectKind!, geometry, height: null }, paint);
    }
    const areas = this.local.areas(geometry);
    if (change.action === 'remove') for (const area of areas) parts.hatch.flat(area, HATCH_Y, this.palette.white);
    if (change.action === 'move') for (const line of this.outlines(geometry, null, 0, null)) this.dashes(parts.marks, line, this.palette.chalk.remove);
  }

  private comes(parts: Parts, change: SceneChange, age: Age): void {
    const { kind, geometry } = change;
    if (!kind) return this.street.make(parts.body, { kind: change.objectKind ?? '', geometry, height: null }, this.paint);
    for (const at of this.local.points(geometry)) this.point(parts, change, kind, at, age);
    for (const line of this.local.lines(geometry)) this.line(parts, change, kind, line);
    for (const area of this.local.areas(geometry)) this.area(parts, change, kind, area);
  }

  private point(parts: Parts, change: SceneChange, kind: SolidKind, at: Spot, age: Age): void {
    const stand: Stand = { at, y: this.street.heightAt(at), turn: change.rotation };
    const extent = extentOf(kind, change.width);
    if (kind.growth) {
      this.pit(parts.body, stand, extent);
      return tree(parts.body, stand, sizeAt(kind.growth, age, { crown_radius_m: 0.75, height_m: 4 }), this.paint.leaves);
    }
    const make = MAKERS[MADE_AS[kind.id] ?? kind.becomes ?? ''];
    if (make) make(parts.body, stand, extent, this.paint);
    else if (extent.height > 0.2) parts.body.block(stand, { wide: extent.width, long: extent.length, high: extent.height }, this.paint.body);
    else parts.hatch.flat([rectangle(stand, extent)], HATCH_Y, this.palette.white);
  }

  /** The open ground around a new tree. */
  private pit(mesher: Mesher, stand: Stand, { width, length }: Extent): void {
    mesher.block(stand, { wide: width, long: length, high: 0.07 }, this.palette.newLeafLow);
  }

  private line(parts: Parts, change: SceneChange, kind: SolidKind, line: Spot[]): void {
    const width = change.width ?? kind.width_m ?? 1;
    const height = Math.max(0.3, kind.height_m ?? 0.9);
    const { leaves } = this.paint;
    if (kind.becomes === 'hedge') return hedge(parts.body, line, width, height, 0.05, leaves);
    if (kind.becomes === 'green') {
      for (const ring of bands(line, Math.max(0.3, width))) bed(parts.body, [ring], (spot) => areaContains([ring], spot), Math.min(height, 0.9), 0.1, leaves, 60);
      return;
    }
    if (kind.id === 'modal_filter') {
      for (const { at } of along(line, 1.5)) MAKERS.bollard!(parts.body, { at, y: this.street.heightAt(at), turn: 0 }, { width: 0.2, length: 0.2, height: 0.9 }, this.paint);
      return;
    }
    if (kind.becomes === 'crossing') return this.stripes(parts.body, line, width);
    for (const ring of bands(line, Math.max(0.3, width))) {
      if (RAISED.has(kind.id)) parts.body.prism([ring], 0, 0.115, this.palette.surface.pavement!);
      parts.hatch.flat([ring], HATCH_Y, this.palette.white);
    }
    if (kind.becomes === 'bus_stop') this.middle(parts.body, 'bus_stop', line, extentOf(kind, change.width));
  }

  private middle(mesher: Mesher, maker: string, line: Spot[], extent: Extent): void {
    const spots = along(line, 1);
    const half = spots[Math.floor(spots.length / 2)];
    if (half) MAKERS[maker]!(mesher, { at: half.at, y: 0.12, turn: half.turn }, extent, this.paint);
  }

  /** The white bars of a crossing lie along the street, so across the line that people walk. */
  private stripes(mesher: Mesher, line: Spot[], width: number): void {
    for (const ring of bands(line, width)) mesher.prism([ring], 0, 0.115, this.palette.surface.carriageway!);
    for (const { at, turn } of along(line, 1)) mesher.block({ at, y: 0.115, turn }, { wide: width * 0.92, long: 0.5, high: 0.012 }, this.palette.white);
  }

  private area(parts: Parts, change: SceneChange, kind: SolidKind, area: Area): void {
    const { stand, extent } = oriented(area);
    const height = Math.max(0.3, kind.height_m ?? 0.6);
    const inside = (spot: Spot) => areaContains(area, spot);
    const maker = MADE_AS[kind.id];
    if (BEDS.has(kind.id) || (kind.becomes === 'green' && !FLAT_GREEN.has(kind.id))) return bed(parts.body, area, inside, Math.min(height, 1), 0.1, this.paint.leaves);
    if (maker) return MAKERS[maker]!(parts.body, { ...stand, y: this.street.heightAt(stand.at) }, { ...extent, height }, this.paint);
    if (RAISED.has(kind.id)) parts.body.prism(area, 0, 0.115, this.palette.surface.pavement!);
    parts.hatch.flat(area, HATCH_Y, this.palette.white);
    if (kind.becomes === 'play' || kind.becomes === 'bus_stop') {
      MAKERS[kind.becomes]!(parts.body, { ...stand, y: 0.1 }, { width: Math.min(3, extent.width), length: Math.min(4, extent.length), height: Math.max(2, height) }, this.paint);
    }
    if (change.chalk === 'water' && kind.height_m !== null && (kind.height_m ?? 0) < 0) parts.body.flat(area, HATCH_Y - 0.01, this.palette.accents[1]!);
  }

  /** The edges that are drawn on the ground: of the shape itself, or of the real footprint of a point. */
  private outlines(geometry: Geometry, kind: SolidKind | null | undefined, rotation: number, width: number | null): Spot[][] {
    const rings = this.local.areas(geometry).flatMap((area) => area.map(closed));
    const lines = this.local.lines(geometry).flatMap((line) => {
      const wide = width ?? kind?.width_m ?? 0;
      return wide > 0.2 ? bands(line, wide, true).map(closed) : [line];
    });
    const points = this.local.points(geometry).map((at) => {
      if (!kind) return circle(at, 0.9);
      const extent = extentOf(kind, width);
      return closed(rectangle({ at, y: 0, turn: rotation }, { ...extent, width: Math.max(0.6, extent.width), length: Math.max(0.6, extent.length) }));
    });
    return [...rings, ...lines, ...points];
  }

  private dashes(mesher: Mesher, line: Spot[], colour: ScenePalette['ink']): void {
    mesher.strip(line, 0.24, HALO_Y, this.palette.white);
    mesher.strip(line, 0.15, LINE_Y, colour, DASH_M);
  }

  private choose(mesher: Mesher, lines: Spot[][]): void {
    for (const line of lines) {
      mesher.strip(line, 0.62, RING_Y, this.palette.ink);
      mesher.strip(line, 0.44, RING_Y + 0.01, this.palette.select);
    }
  }
}

interface Parts {
  body: Mesher;
  marks: Mesher;
  hatch: Mesher;
  ghost: Mesher;
}

const closed = (ring: Ring): Spot[] => [...ring, ring[0]!];

export function extentOf(kind: SolidKind, width: number | null): Extent {
  const wide = width ?? kind.width_m ?? 0.6;
  return { width: wide, length: kind.length_m ?? wide, height: kind.height_m ?? 0 };
}

function rectangle(stand: Stand, { width, length }: Extent): Ring {
  const corners: Spot[] = [[-width / 2, -length / 2], [width / 2, -length / 2], [width / 2, length / 2], [-width / 2, length / 2]];
  return corners.map((corner) => placed(stand, corner));
}

export function circle([east, north]: Spot, radius: number, steps = 20): Spot[] {
  return Array.from({ length: steps + 1 }, (_, i) => [east + Math.cos((i / steps) * 2 * Math.PI) * radius, north + Math.sin((i / steps) * 2 * Math.PI) * radius]);
}

/** How a drawn area lies: its longest side gives the direction, its reach along and across the size. */
export function oriented(area: Area): { stand: Stand; extent: Extent } {
  const ring = area[0]!;
  let [longest, turn] = [0, 0];
  ring.forEach((from, i) => {
    const to = ring[(i + 1) % ring.length]!;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    if (length > longest) [longest, turn] = [length, (Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI];
  });
  const angle = (turn * Math.PI) / 180;
  const ahead = ring.map(([x, n]) => x * Math.sin(angle) + n * Math.cos(angle));
  const right = ring.map(([x, n]) => x * Math.cos(angle) - n * Math.sin(angle));
  const [a0, a1, r0, r1] = [Math.min(...ahead), Math.max(...ahead), Math.min(...right), Math.max(...right)];
  const at = placed({ at: [0, 0], y: 0, turn }, [(r0 + r1) / 2, (a0 + a1) / 2]);
  return { stand: { at, y: 0, turn }, extent: { width: r1 - r0, length: a1 - a0, height: 0 } };
}

/** A line with a width, as one ring per piece; `whole` gives one ring around all of it. */
export function bands(line: Spot[], width: number, whole = false): Ring[] {
  const half = width / 2;
  const sides = line.slice(1).map((to, i) => {
    const from = line[i]!;
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]) || 1;
    const aside: Spot = [(-(to[1] - from[1]) / length) * half, ((to[0] - from[0]) / length) * half];
    const shift = ([x, n]: Spot, sign: number): Spot => [x + aside[0] * sign, n + aside[1] * sign];
    return { right: [shift(from, -1), shift(to, -1)], left: [shift(from, 1), shift(to, 1)] };
  });
  if (!whole) return sides.map(({ right, left }) => [right[0]!, right[1]!, left[1]!, left[0]!]);
  return [[...sides.flatMap(({ right }) => right), ...sides.flatMap(({ left }) => left).reverse()]];
}

/** Places along a line, `step` metres apart and half a step from its ends, with the direction of the line there. */
export function along(line: Spot[], step: number): { at: Spot; turn: number }[] {
  const found: { at: Spot; turn: number }[] = [];
  let next = step / 2;
  let walked = 0;
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const length = Math.hypot(to[0] - from[0], to[1] - from[1]);
    const turn = (Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI;
    for (; next <= walked + length; next += step) {
      const part = length ? (next - walked) / length : 0;
      found.push({ at: [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part], turn });
    }
    walked += length;
  }
  return found;
}

export const middleOfChange = (local: Local, geometry: Geometry): Spot => {
  const spots = [...local.points(geometry), ...local.lines(geometry).flat(), ...local.areas(geometry).flatMap((area) => area[0]!)];
  return spots.length ? middleOf(spots) : [0, 0];
};
