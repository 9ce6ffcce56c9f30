/** Groups of places on the map: one tile with a count, which opens when it is pressed. */
import type { Feature, Position } from 'geojson';
import type { LngLatBoundsLike, Map as LibreMap } from 'maplibre-gl';
import { announce, calm } from '../core/dom';
import { bounds } from '../core/geo';
import { t } from '../core/texts';
import { grouped, pixels, SINGLE_ZOOM, splitZoom, type Group, type Place } from './cluster';
import { ensureCluster } from './images';
import { FONT } from './style';

/** A place with what is drawn there while it stands alone. */
export interface Member extends Place {
  position: Position;
  feature: Feature;
}

/** The picture of a group is this wide on the screen: as wide as a finger needs. */
const SCALE = 0.75;

/** The layer of groups, below the zoom where every tile stands by itself; its source is made with it. */
export function addClusterLayer(map: LibreMap, id: string): void {
  map.addSource(id, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
  map.addLayer({
    id, type: 'symbol', source: id, filter: ['has', 'count'], maxzoom: SINGLE_ZOOM,
    layout: {
      'icon-image': ['get', 'image'], 'icon-size': SCALE, 'icon-allow-overlap': true, 'icon-ignore-placement': true,
      'text-field': ['get', 'label'], 'text-font': FONT, 'text-size': 15, 'text-allow-overlap': true, 'text-ignore-placement': true,
    },
    paint: { 'text-color': '#fff' },
  });
}

/** Groups at the map's zoom, each in world pixels. */
export function groupsAt(map: LibreMap, members: readonly Omit<Member, 'x' | 'y'>[]): Group<Member>[] {
  const zoom = map.getZoom();
  return grouped(members.map((member) => ({ ...member, ...pixels(member.position, zoom) })));
}

/** A group as it is drawn: who is alone as before, others as one tile. */
export async function groupFeature(map: LibreMap, group: Group<Member>): Promise<Feature> {
  const { members, middle, verdict } = group;
  if (members.length === 1) return middle.feature;
  const [west, south, east, north] = bounds({ type: 'MultiPoint', coordinates: members.map((member) => member.position) });
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: middle.position },
    properties: {
      count: members.length, label: members.length > 999 ? '999+' : String(members.length),
      image: await ensureCluster(map, verdict), verdict, split: splitZoom(group, map.getZoom()), west, south, east, north,
    },
  };
}

/** Zooms in to where the members of a group come apart; who asked for less motion jumps. */
export function openCluster(map: LibreMap, { properties }: Pick<Feature, 'properties'>): void {
  const { west, south, east, north, split, count } = properties as Record<'west' | 'south' | 'east' | 'north' | 'split' | 'count', number>;
  const box: LngLatBoundsLike = [west, south, east, north];
  const camera = map.cameraForBounds(box, { padding: 60, bearing: map.getBearing(), maxZoom: SINGLE_ZOOM });
  // A hair beyond: a zoom that was worked out from a scale may come out just below.
  const zoom = Math.min(SINGLE_ZOOM, Math.max(split, camera?.zoom ?? split)) + 0.01;
  map.easeTo({ center: [(west + east) / 2, (south + north) / 2], zoom, duration: calm() ? 0 : 600 });
  announce(t('groupOpened', { n: count }));
}
