/**
 * Drawings over the map, as SVG: what one holds, pulls or is about to place. In the map itself each step of it would be a new
 * picture of the whole map, for which a phone, or a computer without a graphics chip, needs a tenth of a second.
 */
import type { Geometry, Position } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { HATCHES } from './images';
import { path, round } from './svgPath';

/** A shape with the classes of its strokes, from below; a place is a dot as its class says, or carries a picture. */
export interface Mark {
  geometry: Geometry;
  looks?: readonly string[];
  /** In units of a tile: 60 across, its middle on the place. */
  picture?: SVGElement;
}

interface Drawn {
  element: SVGElement;
  mark: Mark;
}

const SVG = 'http://www.w3.org/2000/svg';
/** A tile's picture is this wide at full size; the hatching repeats after so many pixels. */
export const TILE = 60;
const HATCH = 10;

/** How large tiles are at a zoom; the map's own tiles grow alike. */
export const tileScale = (zoom: number): number => 0.45 + (Math.min(18, Math.max(15, zoom)) - 15) * 0.15;

export class Over {
  private readonly root = make('svg', { class: 'map-over', 'aria-hidden': 'true' });
  private readonly layers = new Map<string, { group: SVGElement; marks: readonly Mark[]; drawn: Drawn[] }>();
  private readonly hatches: SVGElement[];

  /** `order`: the names of what is drawn, from below. */
  constructor(
    private readonly map: LibreMap,
    order: readonly string[],
  ) {
    this.hatches = Object.keys(HATCHES).map((chalk) => {
      const pattern = make('pattern', { id: `over-${chalk}`, width: HATCH, height: HATCH, patternUnits: 'userSpaceOnUse' });
      pattern.append(make('rect', { class: `over-veil over-${chalk}`, width: HATCH, height: HATCH }), make('path', { class: `over-hatch over-${chalk}`, d: 'M-5 5L5-5M0 10L10 0M5 15L15 5' }));
      return pattern;
    });
    const definitions = make('defs');
    definitions.append(...this.hatches);
    this.root.append(definitions);
    for (const name of order) {
      const group = make('g', { 'data-over': name });
      this.layers.set(name, { group, marks: [], drawn: [] });
      this.root.append(group);
    }
    map.getCanvasContainer().after(this.root);
    map.on('move', () => this.place());
  }

  show(name: string, marks: readonly Mark[]): void {
    const layer = this.layers.get(name)!;
    if (!marks.length && !layer.marks.length) return;
    layer.marks = marks;
    layer.drawn = marks.flatMap((mark) => elements(mark).map((element) => ({ element, mark })));
    layer.drawn.forEach((drawn) => this.lay(drawn));
    layer.group.replaceChildren(...layer.drawn.map(({ element }) => element));
    this.hatch();
  }

  shown(name: string): readonly Mark[] {
    return this.layers.get(name)!.marks;
  }

  clear(): void {
    for (const name of this.layers.keys()) this.show(name, []);
  }

  /** After the map moved: everything where it now belongs. */
  private place(): void {
    for (const { drawn } of this.layers.values()) drawn.forEach((one) => this.lay(one));
    this.hatch();
  }

  /** The hatching goes along with the ground. */
  private hatch(): void {
    const first = [...this.layers.values()].flatMap(({ marks }) => marks)[0];
    if (!first) return;
    const { x, y } = this.at(somewhere(first.geometry));
    this.hatches.forEach((pattern) => pattern.setAttribute('patternTransform', `translate(${x % HATCH} ${y % HATCH})`));
  }

  private lay({ element, mark: { geometry, picture } }: Drawn): void {
    if (geometry.type !== 'Point') return element.setAttribute('d', path(geometry, (position) => this.at(position)));
    const { x, y } = this.at(geometry.coordinates);
    const scale = picture ? tileScale(this.map.getZoom()) : 1;
    const half = picture ? (TILE / 2) * scale : 0;
    element.setAttribute('transform', `translate(${round(x - half)} ${round(y - half)}) scale(${scale})`);
  }

  private at(position: Position): { x: number; y: number } {
    return this.map.project(position as [number, number]);
  }
}

function elements({ geometry, looks = [], picture }: Mark): SVGElement[] {
  if (picture) return [picture];
  return looks.map((look) => make(geometry.type === 'Point' ? 'circle' : 'path', { class: look }));
}

function somewhere(geometry: Geometry): Position {
  if (geometry.type === 'GeometryCollection') return somewhere(geometry.geometries[0]!);
  let found: unknown = geometry.coordinates;
  while (Array.isArray((found as unknown[])[0])) found = (found as unknown[])[0];
  return found as Position;
}

function make(name: string, attributes: Record<string, string | number> = {}): SVGElement {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}
