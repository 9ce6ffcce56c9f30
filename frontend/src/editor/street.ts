/**
 * The street around the view as surfaces and axes, for snapping and for addresses. Fetched once per square of the map and
 * kept: what was seen goes on working without a connection.
 */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import type { Api } from '../core/api';
import { difference, offset } from '../core/geo';
import type { Change, ElementKind } from './model';
import { patch, type Patch, type Surface, type Vec } from './plane';

const SURFACES: Record<string, Surface> = {
  pavement: 'walk', square: 'walk', yard: 'walk', green: 'walk', driveway: 'walk', play: 'walk',
  carriageway: 'road', cycle_path: 'road', parking: 'bay', building: 'building', street_axis: 'axis',
};
/** Side of a square in metres, and how many are fetched for an assignment's area before anybody looks at them. */
const SQUARE = 150;
const AHEAD = 12;

export class Street {
  private readonly squares = new Map<string, Promise<void>>();
  private readonly things = new Map<string, Patch[]>();
  private made: { changes: readonly Change[] | null; things: number; patches: Patch[] } = { changes: null, things: -1, patches: [] };
  /** Something new is known of the street. */
  onLoad: () => void = () => undefined;

  constructor(
    private readonly api: Pick<Api, 'get'>,
    /** Where metres are counted from. */
    readonly origin: Position,
  ) {}

  local(position: Position): Vec {
    return difference(this.origin, position);
  }

  position([east, north]: Vec): Position {
    return offset(this.origin, east, north);
  }

  /** Fetches what lies within so many metres of a place; without a connection it stays with what is known. */
  async load(at: Position, reach: number): Promise<void> {
    const [x, y] = this.local(at);
    await this.squaresOf([x - reach, y - reach, x + reach, y + reach]);
  }

  /** Fetches a whole area ahead, if it is no more than a few streets. */
  async ahead([west, south, east, north]: readonly [number, number, number, number]): Promise<void> {
    const [x0, y0] = this.local([west, south]);
    const [x1, y1] = this.local([east, north]);
    const count = (Math.ceil((x1 - x0) / SQUARE) + 1) * (Math.ceil((y1 - y0) / SQUARE) + 1);
    if (count <= AHEAD) await this.squaresOf([x0, y0, x1, y1]);
  }

  private async squaresOf([x0, y0, x1, y1]: readonly [number, number, number, number]): Promise<void> {
    const waiting: Promise<void>[] = [];
    for (let i = Math.floor(x0 / SQUARE); i <= Math.floor(x1 / SQUARE); i++) {
      for (let j = Math.floor(y0 / SQUARE); j <= Math.floor(y1 / SQUARE); j++) waiting.push(this.square(i, j));
    }
    await Promise.all(waiting);
  }

  private square(i: number, j: number): Promise<void> {
    const name = `${i}/${j}`;
    const known = this.squares.get(name);
    if (known) return known;
    const fetching = this.fetch(i, j).catch(() => void this.squares.delete(name));
    this.squares.set(name, fetching);
    return fetching;
  }

  private async fetch(i: number, j: number): Promise<void> {
    const box = [...this.position([i * SQUARE, j * SQUARE]), ...this.position([(i + 1) * SQUARE, (j + 1) * SQUARE])].map((n) => n.toFixed(7));
    const kinds = Object.keys(SURFACES).join(',');
    const { data } = await this.api.get<FeatureCollection>(`/collections/street-objects/items?bbox=${box.join(',')}&kind=${kinds}&limit=1000`);
    for (const feature of data.features) this.remember(feature);
    this.onLoad();
  }

  private remember(feature: Feature): void {
    const id = String(feature.id ?? feature.properties?.id);
    const surface = SURFACES[String(feature.properties?.kind)];
    if (!surface || this.things.has(id) || !feature.geometry) return;
    this.things.set(id, this.patchesOf(id, surface, feature.geometry, (feature.properties?.name as string) || null));
  }

  private patchesOf(id: string, surface: Surface, geometry: Geometry, name: string | null = null): Patch[] {
    const rings = (all: Position[][]) => all.map((ring) => ring.map((position) => this.local(position)));
    const lines = surface === 'axis';
    if (geometry.type === 'Polygon' && !lines) return [patch(id, surface, rings(geometry.coordinates), name)];
    if (geometry.type === 'MultiPolygon' && !lines) return geometry.coordinates.map((part) => patch(id, surface, rings(part), name));
    if (geometry.type === 'LineString' && lines) return [patch(id, surface, rings([geometry.coordinates]), name)];
    if (geometry.type === 'MultiLineString' && lines) return [patch(id, surface, rings(geometry.coordinates), name)];
    return [];
  }

  /** The street as it would be: without what the drawing takes away, with the bays and pavements that it adds. */
  patches(changes: readonly Change[], kindOf: (change: Change) => ElementKind | undefined): Patch[] {
    if (this.made.changes === changes && this.made.things === this.things.size) return this.made.patches;
    const gone = new Set(changes.filter((c) => c.object !== null && c.action !== 'keep').map((c) => String(c.object)));
    const present = [...this.things].flatMap(([id, patches]) => (gone.has(id) ? [] : patches));
    const added = changes.flatMap((change) => {
      const surface = SURFACES[kindOf(change)?.becomes ?? ''];
      return surface && surface !== 'axis' ? this.patchesOf(change.key, surface, change.geometry) : [];
    });
    this.made = { changes, things: this.things.size, patches: [...present, ...added] };
    return this.made.patches;
  }
}
