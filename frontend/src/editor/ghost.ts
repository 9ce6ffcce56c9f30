/** What would be placed, before it is: its footprint in chalk, and the edge it would lie along. */
import type { Feature, Geometry, Position } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { show } from '../map/show';
import { token } from '../map/style';

export class Ghost {
  private empty = true;

  constructor(private readonly map: LibreMap) {
    map.addSource('ghost', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    const ink = token('draw-tile');
    map.addLayer({ id: 'ghost-edge-halo', type: 'line', source: 'ghost', filter: ['==', ['get', 'role'], 'edge'], paint: { 'line-color': ink, 'line-width': 6 } });
    map.addLayer({ id: 'ghost-edge', type: 'line', source: 'ghost', filter: ['==', ['get', 'role'], 'edge'], paint: { 'line-color': token('draw-select'), 'line-width': 3.5 } });
    map.addLayer({ id: 'ghost-fill', type: 'fill', source: 'ghost', filter: ['==', ['get', 'role'], 'body'], paint: { 'fill-color': token('draw-select'), 'fill-opacity': 0.45 } });
    map.addLayer({ id: 'ghost-halo', type: 'line', source: 'ghost', filter: ['==', ['get', 'role'], 'body'], paint: { 'line-color': '#fff', 'line-width': 4 } });
    map.addLayer({ id: 'ghost-line', type: 'line', source: 'ghost', filter: ['==', ['get', 'role'], 'body'], paint: { 'line-color': ink, 'line-width': 2, 'line-dasharray': [2.4, 1.2] } });
  }

  show(bodies: readonly Geometry[], edge: readonly Position[] | null): void {
    const features: Feature[] = bodies.map((geometry) => ({ type: 'Feature', properties: { role: 'body' }, geometry }));
    if (edge) features.push({ type: 'Feature', properties: { role: 'edge' }, geometry: { type: 'LineString', coordinates: [...edge] } });
    this.set(features);
  }

  clear(): void {
    if (!this.empty) this.set([]);
  }

  private set(features: Feature[]): void {
    this.empty = features.length === 0;
    show(this.map, 'ghost', features);
  }
}
