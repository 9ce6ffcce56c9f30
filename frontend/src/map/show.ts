/** Draws features on the map, and only what is new: the same again would cost a picture of the whole map. */
import type { Feature } from 'geojson';
import type { GeoJSONSource, Map as LibreMap } from 'maplibre-gl';

const shown = new WeakMap<GeoJSONSource, string>();

/** Puts features in a GeoJSON source; nothing where the map has no such source (any more). */
export function show(map: Pick<LibreMap, 'getSource'> | undefined, source: string, features: readonly Feature[]): void {
  const target = map?.getSource(source) as GeoJSONSource | undefined;
  if (!target) return;
  const words = JSON.stringify(features);
  if (shown.get(target) === words) return;
  shown.set(target, words);
  target.setData({ type: 'FeatureCollection', features: [...features] });
}
