/** Changes of designs seen from far: what lies too close together to show apart is one tile. */
import type { Feature, Point } from 'geojson';
import type { FilterSpecification, Map as LibreMap, SymbolLayerSpecification } from 'maplibre-gl';
import type { Verdict } from '../editor/model';
import { SINGLE_ZOOM } from './cluster';
import { addClusterLayer, groupFeature, groupsAt, type Member } from './clusterLayer';
import { show } from './show';

export const GROUPS = 'changes-groups';
export const ALONE = 'changes-point-far';

/**
 * Shows the points of the vector source `changes` that pass the filter in groups, below the zoom where every tile stands
 * by itself. A point that is alone is drawn with this layout, from its own properties.
 */
export function groupChanges(map: LibreMap, filter: FilterSpecification, layout: SymbolLayerSpecification['layout']): void {
  addClusterLayer(map, GROUPS);
  map.addLayer({ id: ALONE, type: 'symbol', source: GROUPS, filter: ['!', ['has', 'count']], maxzoom: SINGLE_ZOOM, layout: layout ?? {} });
  let due = false;
  let turn = 0;
  const draw = async () => {
    due = false;
    const now = ++turn;
    const features = map.getZoom() >= SINGLE_ZOOM ? [] : await Promise.all(groupsAt(map, pointsOf(map, filter)).map((group) => groupFeature(map, group)));
    if (now === turn) show(map, GROUPS, features);
  };
  const soon = () => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => void draw());
  };
  map.on('moveend', soon);
  map.on('sourcedata', (event) => event.sourceId === 'changes' && soon());
  soon();
}

/** The points in the tiles that are in; one that lies on a seam is in two of them, and counts once. */
function pointsOf(map: LibreMap, filter: FilterSpecification): Omit<Member, 'x' | 'y'>[] {
  const found = new Map<string, Omit<Member, 'x' | 'y'>>();
  for (const { geometry, properties } of map.querySourceFeatures('changes', { sourceLayer: 'changes', filter })) {
    const key = String(properties.id);
    if (geometry.type !== 'Point' || found.has(key)) continue;
    // A plain object: what comes out of a tile has no prototype, and cannot be sent to the map's worker.
    const feature: Feature<Point> = { type: 'Feature', properties: { ...properties }, geometry };
    found.set(key, { key, position: geometry.coordinates, verdict: (properties.verdict as Verdict | undefined) ?? null, feature });
  }
  return [...found.values()];
}
