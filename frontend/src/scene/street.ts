/** The street as it is: surfaces with a kerb between them, buildings, trees and furniture, in few meshes. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { BufferGeometry, CircleGeometry, Float32BufferAttribute, Group, LineBasicMaterial, LineSegments, Mesh, MeshLambertMaterial } from 'three';
import type { Api } from '../core/api';
import { areaContains, middleOf, signedArea, type Area, type Local, type Spot } from './local';
import { barrier, MAKERS, oldPaint, USUAL } from './furniture';
import { Mesher } from './mesher';
import { dots, type ScenePalette } from './palette';
import { hedge, tree, type TreeSize } from './plants';

/** What is taken for granted where maps say nothing; the server says the same in its figures. */
export interface Assumed {
  unknown_tree: TreeSize;
  unknown_building: { height_m: number; small_height_m: number; small_m2: number };
}

/** Height of each surface: pavements lie a kerb of 10 cm above the carriageway. */
export const SURFACE_Y: Record<string, number> = {
  yard: 0.08, green: 0.1, water: 0.005, square: 0.1, pavement: 0.1, cycle_path: 0.06, driveway: 0.05, parking: 0.02, carriageway: 0, rail: 0.012, structure: 0.11, play: 0.11,
};
export const KERB_M = 0.1;
const GROUND_Y = -0.03;
const FLOOR_Y = -0.02;
const FAR_M = 900;
const STREET_REACH_M = 40;
const LONG_SIDE_M = 7;
/** Trees further from the middle of the area are drawn with fewer faces. */
const NEAR_M = 90;
/** Two walls that meet at less than this are one wall, for the lines that are drawn at corners. */
const CORNER_COS = 0.94;
const MOST_OBJECTS = 10000;

export interface Thing {
  id: string;
  kind: string;
  geometry: Geometry;
  height: number | null;
}

interface Surface {
  kind: string;
  area: Area;
  box: [number, number, number, number];
}

export async function streetObjects(api: Api, box: readonly number[]): Promise<{ features: Feature[]; partial: boolean }> {
  const { data } = await api.get<FeatureCollection>(`/collections/street-objects/items?bbox=${box.map((n) => n.toFixed(6)).join(',')}&limit=${MOST_OBJECTS}`);
  return { features: data.features, partial: data.features.length >= MOST_OBJECTS };
}

/** Metres above the street, and whether somebody measured it. */
export function heightOf(properties: Feature['properties'], footprint: number, { unknown_building: assumed }: Assumed): { metres: number; estimated: boolean } {
  const known = Number(properties?.height_m ?? 0);
  if (known > 0) return { metres: known, estimated: properties?.height_estimated === true };
  return { metres: footprint < assumed.small_m2 ? assumed.small_height_m : assumed.height_m, estimated: true };
}

export class Street {
  readonly group = new Group();
  readonly things: Thing[] = [];
  /** Kinds of sign that the legend has to explain. */
  readonly shows = { known: false, estimated: false, widths: false, trees: false };
  private readonly surfaces: Surface[] = [];
  private readonly axes: Spot[][] = [];
  private readonly solid = new MeshLambertMaterial({ vertexColors: true });
  private furniture: Mesh | null = null;
  private hidden = '';

  constructor(
    private readonly local: Local,
    private readonly palette: ScenePalette,
    private readonly assumed: Assumed,
    /** Which way a street runs where the map has no line for it, degrees clockwise from north. */
    private readonly along: number,
    features: Feature[],
  ) {
    this.sort(features);
    this.group.add(this.ground(), ...this.floors(), ...this.buildings(features));
    this.without(new Set());
  }

  private sort(features: Feature[]): void {
    for (const feature of features) {
      const kind = String(feature.properties?.kind ?? '');
      if (!feature.geometry || kind === 'building') continue;
      this.byId.set(idOf(feature), feature.geometry);
      if (kind === 'street_axis') this.axes.push(...this.local.lines(feature.geometry));
      if (kind in SURFACE_Y) {
        for (const area of this.local.areas(feature.geometry)) this.addSurface(kind, area);
        this.areas.push({ id: idOf(feature), kind, geometry: feature.geometry, height: null });
      }
      if (kind in MAKERS || kind === 'tree' || kind === 'hedge' || kind === 'barrier' || kind === 'crossing') {
        this.things.push({ id: idOf(feature), kind, geometry: feature.geometry, height: Number(feature.properties?.height_m) || null });
        this.shows.trees ||= kind === 'tree';
      }
    }
    this.estimated = features.filter((feature) => feature.properties?.certainty === 'estimated' && String(feature.properties?.kind) in SURFACE_Y);
  }

  private estimated: Feature[] = [];
  private readonly areas: Thing[] = [];
  private readonly byId = new Map<string, Geometry>();

  /** Where an existing thing is; null for what lies outside the picture. */
  find(id: string): Geometry | null {
    return this.byId.get(id) ?? null;
  }

  /** Surfaces that a resident may change, such as a parking bay. */
  areasThatCanBePicked(kinds: readonly string[]): Thing[] {
    return this.areas.filter(({ kind }) => kinds.includes(kind));
  }

  private addSurface(kind: string, area: Area): void {
    const xs = area[0]!.map(([x]) => x);
    const ys = area[0]!.map(([, y]) => y);
    this.surfaces.push({ kind, area, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] });
  }

  /** How high the ground is somewhere: the highest surface there. */
  heightAt(spot: Spot): number {
    let found = 0;
    for (const { kind, area, box } of this.surfaces) {
      const y = SURFACE_Y[kind]!;
      if (y <= found || spot[0] < box[0] || spot[1] < box[1] || spot[0] > box[2] || spot[1] > box[3]) continue;
      if (areaContains(area, spot)) found = y;
    }
    return found;
  }

  /** The nearest street's direction (degrees from north) and where its middle is nearest; `known` when there is one within reach. */
  streetAt(spot: Spot): { turn: number; nearest: Spot | null; known: boolean } {
    const axis = nearestOnLines(this.axes, spot, STREET_REACH_M);
    if (axis) return { turn: axis.turn, nearest: axis.at, known: true };
    // Without lines of streets: the edge of the carriageway, which runs along the street.
    const edges = this.roadEdges();
    const edge = nearestOnLines(edges, spot, STREET_REACH_M);
    return edge ? { turn: edge.turn, nearest: edge.at, known: true } : { turn: this.along, nearest: null, known: false };
  }

  private edges: Spot[][] | null = null;

  /** The long sides of carriageways and parking strips; short ones may lie across the street. */
  private roadEdges(): Spot[][] {
    this.edges ??= this.surfaces
      .filter(({ kind }) => kind === 'carriageway' || kind === 'parking')
      .flatMap(({ area }) => area.flatMap((ring) => ring.map((from, i): Spot[] => [from, ring[(i + 1) % ring.length]!])))
      .filter(([from, to]) => Math.hypot(to![0] - from![0], to![1] - from![1]) > LONG_SIDE_M);
    return this.edges;
  }

  private ground(): Mesh {
    const mesh = new Mesh(new CircleGeometry(FAR_M, 48), new MeshLambertMaterial({ color: this.palette.ground }));
    mesh.rotation.x = -Math.PI / 2;
    mesh.position.y = GROUND_Y;
    mesh.receiveShadow = true;
    return mesh;
  }

  private floors(): Mesh[] {
    const [sure, guessed] = [new Mesher(), new Mesher()];
    const estimated = new Set(this.estimated.flatMap((feature) => this.local.areas(feature.geometry).map(keyOf)));
    for (const { kind, area } of this.surfaces) {
      const y = SURFACE_Y[kind]!;
      const colour = this.palette.surface[kind] ?? this.palette.ground;
      const mesher = estimated.has(keyOf(area)) ? guessed : sure;
      mesher.flat(area, y, colour);
      if (y > 0.03) sure.sides(area, FLOOR_Y, y, this.palette.kerb);
    }
    this.shows.widths = guessed.triangles > 0;
    const dotted = new MeshLambertMaterial({ vertexColors: true, map: dots() });
    return [sure.build(this.solid, { cast: false }), guessed.build(dotted, { cast: false })];
  }

  private buildings(features: Feature[]): (Mesh | LineSegments)[] {
    const mesher = new Mesher();
    const edges: number[] = [];
    const { palette } = this;
    for (const feature of features) {
      if (feature.properties?.kind !== 'building' || !feature.geometry) continue;
      for (const area of this.local.areas(feature.geometry)) {
        const { metres, estimated } = heightOf(feature.properties, Math.abs(signedArea(area[0]!)), this.assumed);
        this.shows[estimated ? 'estimated' : 'known'] = true;
        const [wall, roof] = estimated ? [palette.estimatedWall, palette.estimatedRoof] : [palette.wall, palette.roof];
        mesher.prism(area, 0, metres, wall, roof);
        for (const ring of area) outline(edges, ring, metres);
      }
    }
    const mesh = mesher.build(this.solid);
    mesh.name = 'buildings';
    const lines = new BufferGeometry();
    lines.setAttribute('position', new Float32BufferAttribute(edges, 3));
    return [mesh, new LineSegments(lines, new LineBasicMaterial({ color: palette.edge, transparent: true, opacity: 0.75 }))];
  }

  /** Draws trees and furniture anew, without those that a design takes away. */
  without(ids: ReadonlySet<string>): boolean {
    const key = [...ids].sort().join();
    if (this.furniture && key === this.hidden) return false;
    this.hidden = key;
    if (this.furniture) {
      this.group.remove(this.furniture);
      this.furniture.geometry.dispose();
    }
    const mesher = new Mesher();
    for (const thing of this.things) if (!ids.has(thing.id)) this.make(mesher, thing);
    this.furniture = mesher.build(this.solid);
    this.group.add(this.furniture);
    return true;
  }

  /** One existing thing, in its usual size; `paint` for things that stand elsewhere or go. */
  make(mesher: Mesher, { kind, geometry, height }: Omit<Thing, 'id'>, paint = oldPaint(this.palette)): void {
    const lines = this.local.lines(geometry);
    if (kind === 'hedge') {
      for (const line of lines) hedge(mesher, line, 0.7, height ?? 1, 0, paint.leaves);
      for (const area of this.local.areas(geometry)) mesher.prism(area, 0, height ?? 1, paint.leaves.low, paint.leaves.high);
      return;
    }
    if (kind === 'barrier') {
      for (const line of lines) barrier(mesher, line, height ?? 1.2, 0, paint.body);
      for (const area of this.local.areas(geometry)) mesher.prism(area, 0, height ?? 1.2, paint.body);
      return;
    }
    for (const at of this.spots(geometry)) this.stand(mesher, kind, at, height, paint);
  }

  private stand(mesher: Mesher, kind: string, at: Spot, height: number | null, paint: ReturnType<typeof oldPaint>): void {
    const { turn, nearest } = this.streetAt(at);
    const y = this.heightAt(at);
    if (kind === 'tree') {
      const { unknown_tree: usual } = this.assumed;
      tree(mesher, { at, y, turn: 0 }, { ...usual, height_m: height ?? usual.height_m }, paint.leaves, Math.hypot(...at) < NEAR_M ? 2 : 1);
    } else if (kind === 'crossing') {
      this.zebra(mesher, at, turn);
    } else {
      const facing = nearest ? (Math.atan2(nearest[0] - at[0], nearest[1] - at[1]) * 180) / Math.PI : turn + 90;
      const usual = USUAL[kind];
      if (usual) MAKERS[kind]?.(mesher, { at, y, turn: kind === 'lamp' ? facing : turn }, { ...usual, height: height ?? usual.height }, paint);
    }
  }

  /** Where point things stand; those drawn as an outline stand in its middle. */
  spots(geometry: Geometry): Spot[] {
    return [...this.local.points(geometry), ...this.local.areas(geometry).map((area) => middleOf(area[0]!))];
  }

  private zebra(mesher: Mesher, at: Spot, turn: number): void {
    for (let i = -2; i <= 2; i++) mesher.block({ at, y: 0, turn }, { right: i * 1.1, wide: 0.5, long: 3, high: 0.012 }, this.palette.white);
  }
}

interface OnLine {
  at: Spot;
  turn: number;
}

/** The nearest place on lines within `reach` metres, with the direction of the line there. */
export function nearestOnLines(lines: Spot[][], spot: Spot, reach: number): OnLine | null {
  let [best, found] = [reach, null as OnLine | null];
  for (const line of lines) {
    for (let i = 1; i < line.length; i++) {
      const [from, to] = [line[i - 1]!, line[i]!];
      const [dx, dn] = [to[0] - from[0], to[1] - from[1]];
      const part = Math.min(1, Math.max(0, ((spot[0] - from[0]) * dx + (spot[1] - from[1]) * dn) / (dx * dx + dn * dn || 1)));
      const at: Spot = [from[0] + dx * part, from[1] + dn * part];
      const gap = Math.hypot(spot[0] - at[0], spot[1] - at[1]);
      if (gap < best) [best, found] = [gap, { at, turn: (Math.atan2(dx, dn) * 180) / Math.PI }];
    }
  }
  return found;
}

const idOf = (feature: Feature): string => String(feature.id ?? feature.properties?.id);

const keyOf = (area: Area): string => area[0]!.slice(0, 3).map(([x, y]) => `${x.toFixed(2)},${y.toFixed(2)}`).join(';');

/** Lines along the eaves, and down each corner. */
function outline(edges: number[], ring: Spot[], height: number): void {
  ring.forEach(([x, n], i) => {
    const [nextX, nextN] = ring[(i + 1) % ring.length]!;
    const [beforeX, beforeN] = ring[(i - 1 + ring.length) % ring.length]!;
    edges.push(x, height, -n, nextX, height, -nextN);
    const [ux, un] = [x - beforeX, n - beforeN];
    const [vx, vn] = [nextX - x, nextN - n];
    const straight = (ux * vx + un * vn) / (Math.hypot(ux, un) * Math.hypot(vx, vn) || 1);
    if (straight < CORNER_COS) edges.push(x, 0, -n, x, height, -n);
  });
}
