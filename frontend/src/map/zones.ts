/** Where the brief lets nothing change, and where alone it does: drawn over the ground, under what people draw. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { GeoJSONSource, Map as LibreMap } from 'maplibre-gl';
import { centre, contains, positions } from '../core/geo';
import { t } from '../core/texts';
import { token } from './style';

export interface BriefZone {
  kind: 'fixed' | 'free';
  reason: string;
  geometry: Geometry;
}

const STRIPE = 12;

/** Dark stripes on nothing: rows of pixels that fit together on all sides. */
export function stripes(size = STRIPE, wide = 4): { width: number; height: number; data: Uint8Array } {
  const data = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y += 1) {
    for (let x = 0; x < size; x += 1) {
      if ((x + y) % size < wide) data.set([23, 41, 46, 110], (y * size + x) * 4);
    }
  }
  return { width: size, height: size, data };
}

export function zoneFeatures(zones: readonly BriefZone[]): FeatureCollection {
  const features: Feature[] = zones.map(({ kind, reason, geometry }) => ({ type: 'Feature', properties: { kind, reason }, geometry }));
  return { type: 'FeatureCollection', features };
}

/** Puts the zones on a map; again with others shows those. */
export function showZones(map: LibreMap, zones: readonly BriefZone[], before?: string): void {
  const source = map.getSource<GeoJSONSource>('zones');
  if (source) {
    source.setData(zoneFeatures(zones));
    return;
  }
  if (!map.hasImage('zone-stripes')) map.addImage('zone-stripes', stripes(), { pixelRatio: 1 });
  map.addSource('zones', { type: 'geojson', data: zoneFeatures(zones) });
  const under = before && map.getLayer(before) ? before : undefined;
  map.addLayer({ id: 'zone-free', type: 'fill', source: 'zones', filter: ['==', ['get', 'kind'], 'free'], paint: { 'fill-color': token('color-kan'), 'fill-opacity': 0.14 } }, under);
  map.addLayer({ id: 'zone-fixed', type: 'fill', source: 'zones', filter: ['==', ['get', 'kind'], 'fixed'], paint: { 'fill-pattern': 'zone-stripes' } }, under);
  map.addLayer({
    id: 'zone-line', type: 'line', source: 'zones',
    paint: { 'line-color': ['match', ['get', 'kind'], 'free', token('color-kan'), token('color-ink')], 'line-width': 2 },
  }, under);
}

/**
 * Why the brief lets nothing change at a place, in the planner's words; null where it does. Looks at corners and
 * middles, which is enough to answer at once: the server measures exactly when it is saved.
 */
export function zoneRefusal(zones: readonly BriefZone[], geometry: Geometry): string | null {
  const places = [...positions(geometry), centre(geometry)];
  const fixed = zones.find((zone) => zone.kind === 'fixed' && places.some((place) => contains(zone.geometry, place)));
  if (fixed) return t('zoneFixed', { reason: fixed.reason });
  const free = zones.filter((zone) => zone.kind === 'free');
  if (!free.length || positions(geometry).every((place) => free.some((zone) => contains(zone.geometry, place)))) return null;
  return t('zoneFree', { reason: [...new Set(free.map((zone) => zone.reason))].join(' ') });
}
