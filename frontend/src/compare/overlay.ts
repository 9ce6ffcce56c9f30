/**
 * One design as an SVG layer above the map, in the look of the server's drawing (`app/maps/drawing.py`).
 * Two layers on one map can be cut at a line; two maps would load everything twice.
 */
import type { Geometry, Position } from 'geojson';
import type { LngLat, Map as LibreMap } from 'maplibre-gl';
import { centre } from '../core/geo';
import { path } from '../map/svgPath';

export type Chalk = 'green' | 'water' | 'paving' | 'remove';

export interface Drawn {
  geometry: Geometry;
  action: string;
  icon: string;
  chalk: Chalk;
  /** Metres; null where it is not a line of a known width, or no tree. */
  width: number | null;
  crown: number | null;
}

type Project = (position: Position) => { x: number; y: number };

const SVG = 'http://www.w3.org/2000/svg';
const TILE = 30;
const RING = 27;
const LEAST_LINE_PX = 6;
const LINE_M = 0.9;

export function svg<K extends keyof SVGElementTagNameMap>(tag: K, attributes: Record<string, string | number>): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/** Pixels between the two places by which a layer is carried along. */
const SPAN = 256;

/**
 * The CSS transform that brings a drawing along: `from` and `to` are now where its corner and the place `SPAN`
 * pixels right of it were. The map never tilts, so that moving, turning and zooming it is all there is.
 */
export function carried(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const cos = (to.x - from.x) / SPAN;
  const sin = (to.y - from.y) / SPAN;
  return `matrix(${cos}, ${sin}, ${-sin}, ${cos}, ${from.x}, ${from.y})`;
}

const isArea = (geometry: Geometry): boolean => geometry.type.endsWith('Polygon');
const isPoint = (geometry: Geometry): boolean => geometry.type.endsWith('Point');

/** Moves one drawn thing to where the map is now. */
type Follow = (project: Project, metre: number, tile: number) => void;

/** Tiles shrink with the street: half size at zoom 15, full from 18.5. */
export const tileScale = (zoom: number): number => Math.min(1, Math.max(0.5, 0.5 + (zoom - 15) / 7));

export class Overlay {
  readonly element = svg('svg', { 'aria-hidden': 'true', focusable: 'false' });
  private readonly ring = svg('g', { visibility: 'hidden' });
  private readonly follows: Follow[] = [];
  private lit: Geometry | null = null;
  private corner: LngLat | null = null;
  private right: LngLat | null = null;

  constructor(
    private readonly map: LibreMap,
    changes: Drawn[],
    /** Prefix of the hatches' ids: ids are one a page. */
    private readonly id: string,
  ) {
    const looks = [...new Set(changes.map((change) => change.chalk))];
    const defs = svg('defs', {});
    defs.append(...looks.map((chalk) => hatch(`${id}-${chalk}`, chalk)));
    const ground = svg('g', {});
    const tiles = svg('g', {});
    for (const change of changes) {
      ground.append(...this.footprint(change));
      tiles.append(this.tile(change));
    }
    this.ring.append(svg('circle', { r: RING, class: 'chalk-ring-ink' }), svg('circle', { r: RING, class: 'chalk-ring' }));
    this.element.append(defs, ground, tiles, this.ring);
    // While the map moves, the drawing is carried along as it is, which costs nothing; then it is drawn anew.
    map.on('move', () => this.carry());
    map.on('moveend', () => this.draw());
    map.on('resize', () => this.draw());
    this.draw();
  }

  /** Puts the ring around a place; null takes it away. */
  light(place: Geometry | null): void {
    this.lit = place;
    this.draw();
  }

  private carry(): void {
    if (this.corner && this.right) this.element.style.transform = carried(this.map.project(this.corner), this.map.project(this.right));
  }

  private draw(): void {
    this.element.style.transform = '';
    this.corner = this.map.unproject([0, 0]);
    this.right = this.map.unproject([SPAN, 0]);
    const project: Project = (position) => this.map.project(position as [number, number]);
    const metre = 2 ** this.map.getZoom() / (78271.516964 * Math.cos((this.map.getCenter().lat * Math.PI) / 180));
    const tile = tileScale(this.map.getZoom());
    for (const follow of this.follows) follow(project, metre, tile);
    this.ring.setAttribute('visibility', this.lit ? 'visible' : 'hidden');
    if (this.lit) this.ring.setAttribute('transform', at(project(centre(this.lit))));
  }

  private footprint(change: Drawn): SVGElement[] {
    if (isPoint(change.geometry)) return this.crown(change);
    const look = change.action === 'keep' ? 'chalk-keep' : `chalk-${change.chalk}`;
    const fill = change.action === 'keep' ? 'none' : `url(#${this.id}-${change.chalk})`;
    const halo = svg('path', { class: 'chalk-halo' });
    const edge = svg('path', { class: `chalk-line ${look}`, 'stroke-width': 2 });
    const body = svg('path', { fill: 'none' });
    if (change.action !== 'keep') edge.setAttribute('stroke-dasharray', '7 3.5');
    const area = isArea(change.geometry);
    if (area) {
      body.setAttribute('fill', fill);
      body.setAttribute('fill-rule', 'evenodd');
    } else {
      body.setAttribute('stroke', fill);
      edge.setAttribute('stroke-width', '4');
    }
    this.follows.push((project, metre) => {
      const data = path(change.geometry, project);
      for (const one of [halo, body, edge]) one.setAttribute('d', data);
      const width = area ? 0 : Math.max((change.width ?? LINE_M) * metre, LEAST_LINE_PX);
      halo.setAttribute('stroke-width', String(width + 5));
      if (!area) body.setAttribute('stroke-width', String(width));
    });
    return [halo, body, edge];
  }

  private crown(change: Drawn): SVGElement[] {
    const crown = change.crown;
    if (crown === null || change.action === 'remove' || change.action === 'keep') return [];
    const circle = svg('circle', { class: `chalk-crown chalk-${change.chalk}` });
    const middle = centre(change.geometry);
    this.follows.push((project, metre) => {
      circle.setAttribute('transform', at(project(middle)));
      circle.setAttribute('r', String((crown / 2) * metre));
    });
    return [circle];
  }

  private tile(change: Drawn): SVGElement {
    const group = svg('g', { class: `chalk-tile is-${change.action}` });
    const use = svg('use', { href: `#${change.icon}`, x: -10, y: -10, width: 20, height: 20 });
    group.append(svg('rect', { x: -TILE / 2, y: -TILE / 2, width: TILE, height: TILE, rx: 7 }), use);
    const middle = centre(change.geometry);
    this.follows.push((project, _metre, tile) => group.setAttribute('transform', `${at(project(middle))} scale(${tile.toFixed(3)})`));
    return group;
  }
}

const at = ({ x, y }: { x: number; y: number }): string => `translate(${x.toFixed(1)} ${y.toFixed(1)})`;

function hatch(id: string, chalk: Chalk): SVGElement {
  const pattern = svg('pattern', { id, width: 8, height: 8, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)', class: `chalk-${chalk}` });
  pattern.append(
    svg('rect', { width: 8, height: 8, class: 'chalk-wash' }),
    svg('path', { d: 'M0 0V8', class: 'chalk-line', 'stroke-width': 3, 'stroke-opacity': 0.8 }),
  );
  return pattern;
}
