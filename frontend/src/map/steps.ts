/** Steps by keyboard and buttons. A step that comes before the last one has landed adds to it: none gets lost on a slow device. */
import type { LngLat, Map as LibreMap } from 'maplibre-gl';
import { calm } from '../core/dom';

const PAN_PX = 80;
const DURATION_MS = 120;

export class Steps {
  private target: { center: LngLat; zoom: number } | null = null;

  constructor(private readonly map: LibreMap) {
    map.on('moveend', () => {
      if (!map.isMoving()) this.target = null;
    });
    map.on('dragstart', () => (this.target = null));
  }

  /** Steps to the right and down on the screen; 1 is 80 px. */
  pan(right: number, down: number): void {
    const { center, zoom } = this.aim();
    const from = this.map.project(center);
    this.go(this.map.unproject([from.x + right * PAN_PX, from.y + down * PAN_PX]), zoom);
  }

  zoom(by: number): void {
    const { center, zoom } = this.aim();
    this.go(center, Math.min(this.map.getMaxZoom(), Math.max(this.map.getMinZoom(), zoom + by)));
  }

  /** Where the cross is once everything has landed. */
  settle(): LngLat {
    if (this.target) this.map.jumpTo({ ...this.target });
    this.target = null;
    return this.map.getCenter();
  }

  private aim(): { center: LngLat; zoom: number } {
    return this.target ?? { center: this.map.getCenter(), zoom: this.map.getZoom() };
  }

  private go(center: LngLat, zoom: number): void {
    // Starting a movement ends the one before, which would clear the aim: so it is set afterwards.
    this.map.easeTo({ center, zoom, duration: calm() ? 0 : DURATION_MS });
    this.target = this.map.isMoving() ? { center, zoom } : null;
  }
}
