/** A line or area being drawn, corner by corner: the same for mouse, touch and the keyboard's cross. */
import type { LineString, Polygon, Position } from 'geojson';
import { distance, lineLength, shape, size } from '../core/geo';
import { number, t } from '../core/texts';
import type { Mark } from '../map/over';

/** A tap this close to the last corner, in metres, is a double tap and not a new corner. */
const SAME = 0.05;

export class Sketch {
  corners: Position[] = [];
  /** Where the next corner would come, while the pointer hovers. */
  hover: Position | null = null;

  constructor(readonly type: 'line' | 'area') {}

  add(position: Position): boolean {
    const last = this.corners.at(-1);
    if (last && distance(last, position) < SAME) return false;
    this.corners = [...this.corners, position];
    return true;
  }

  back(): void {
    this.corners = this.corners.slice(0, -1);
  }

  /** The finished shape, or null while it needs more corners. */
  finished(): LineString | Polygon | null {
    return shape(this.corners, this.type);
  }

  /** How long it is, or how big; nothing while there is nothing to measure. */
  words(): string {
    const all = this.hover ? [...this.corners, this.hover] : this.corners;
    const closed = this.type === 'area' ? shape(all, 'area') : null;
    if (closed) return t('measuredArea', { n: number(size(closed), 1), edge: number(lineLength([...all, all[0]!]), 1) });
    return all.length < 2 ? '' : t('measuredLine', { n: number(lineLength(all), 2) });
  }

  /** What to show while drawing: the corners, and the shape so far up to the pointer. */
  marks(): Mark[] {
    const all = this.hover ? [...this.corners, this.hover] : this.corners;
    const drawn = shape(all, this.type) ?? shape(all, 'line');
    const dots = this.corners.map((position): Mark => ({ geometry: { type: 'Point', coordinates: position }, looks: ['over-grip'] }));
    return [...(drawn ? [{ geometry: drawn, looks: [...(drawn.type === 'Polygon' ? ['over-area'] : []), 'over-sketch-halo', 'over-sketch'] }] : []), ...dots];
  }
}
