/** What would be placed, before it is: its footprint in chalk, and the edge it would lie along. */
import type { Geometry, Position } from 'geojson';
import type { Mark, Over } from '../map/over';

export class Ghost {
  constructor(private readonly over: Over) {}

  show(bodies: readonly Geometry[], edge: readonly Position[] | null): void {
    const along: Mark[] = edge ? [{ geometry: { type: 'LineString', coordinates: [...edge] }, looks: ['over-edge-halo', 'over-edge'] }] : [];
    this.over.show('ghost', [...along, ...bodies.map((geometry): Mark => ({ geometry, looks: ['over-ghost-fill', 'over-halo', 'over-ghost'] }))]);
  }

  clear(): void {
    this.over.show('ghost', []);
  }
}
