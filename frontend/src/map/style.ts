/** The base map's style. What exists is flat and calm; colours come from the page's custom properties. */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl';
import labelFont from '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-600-normal.woff2?url';
import labelFontExtended from '@fontsource/atkinson-hyperlegible-next/files/atkinson-hyperlegible-next-latin-ext-600-normal.woff2?url';

export const FONT = ['Stoep'];

export const token = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(`--stoep-${name}`).trim();

export const tiles = (apiBase: string, collection: string): string =>
  `${new URL(apiBase, location.href).href}/collections/${collection}/tiles/WebMercatorQuad/{z}/{y}/{x}`;

/** A length on the ground as pixels at each zoom: MapLibre tiles are 512 px, so one metre doubles per zoom. */
export function metresInPixels(metres: number | ExpressionSpecification, latitude: number): ExpressionSpecification {
  const at = (zoom: number) => 2 ** zoom / (78271.516964 * Math.cos((latitude * Math.PI) / 180));
  const scaled = (zoom: number): ExpressionSpecification => ['*', metres as number, at(zoom)];
  return ['interpolate', ['exponential', 2], ['zoom'], 12, scaled(12), 24, scaled(24)] as ExpressionSpecification;
}

const KIND: ExpressionSpecification = ['get', 'kind'];
const AREA: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon'];
const isKind = (...kinds: string[]): ExpressionSpecification => ['in', KIND, ['literal', kinds]];

/** Street furniture with its icon; what has none is a small dot. */
export const FURNITURE: Record<string, string> = {
  bench: 'i-bank',
  bike_stand: 'i-fietsenrek',
  lamp: 'i-lantaarn',
  container: 'i-container',
  play: 'i-spelen',
  charger: 'i-laadpaal',
  planter: 'i-plantenbak',
  crossing: 'i-oversteek',
};
const DOTS = ['bollard', 'hydrant', 'bus_stop', 'entrance'];

function fill(id: string, kinds: string[], colour: string): LayerSpecification {
  return {
    id,
    type: 'fill',
    source: 'street',
    'source-layer': 'street-objects',
    filter: ['all', AREA, isKind(...kinds)],
    paint: { 'fill-color': token(`map-${colour}`) },
  };
}

function surfaces(): LayerSpecification[] {
  return [
    fill('yard', ['yard', 'square'], 'yard'),
    fill('green', ['green', 'hedge'], 'green'),
    fill('water', ['water'], 'water'),
    fill('pavement', ['pavement', 'crossing', 'play'], 'pavement'),
    fill('carriageway', ['carriageway', 'driveway', 'rail', 'structure'], 'carriageway'),
    fill('cycle', ['cycle_path'], 'cycle'),
    fill('parking', ['parking'], 'parking'),
  ];
}

function edges(): LayerSpecification[] {
  const source = { source: 'street', 'source-layer': 'street-objects' } as const;
  return [
    {
      id: 'estimated', type: 'fill', ...source, minzoom: 16.5,
      filter: ['all', AREA, ['==', ['get', 'certainty'], 'estimated'], isKind('carriageway', 'pavement', 'cycle_path', 'parking')],
      paint: { 'fill-pattern': 'estimated' },
    },
    {
      id: 'joints', type: 'line', ...source, minzoom: 15,
      filter: ['all', AREA, isKind('carriageway', 'pavement', 'cycle_path', 'parking', 'driveway', 'square')],
      paint: {
        'line-color': ['match', KIND, 'parking', token('map-parking-line'), token('map-joint')],
        'line-width': ['interpolate', ['linear'], ['zoom'], 15, 0.3, 19, 1.1],
      },
    },
    {
      id: 'axis', type: 'line', ...source, maxzoom: 15.5, filter: ['==', KIND, 'street_axis'],
      paint: { 'line-color': token('map-carriageway'), 'line-width': ['interpolate', ['linear'], ['zoom'], 12, 1, 15.5, 4] },
    },
    fill('building', ['building'], 'building'),
    {
      id: 'building-line', type: 'line', ...source, minzoom: 14, filter: ['all', AREA, isKind('building')],
      paint: { 'line-color': token('map-building-line'), 'line-width': ['interpolate', ['linear'], ['zoom'], 14, 0.3, 18, 1] },
    },
    {
      id: 'barrier', type: 'line', ...source, minzoom: 16.5,
      filter: ['all', ['==', ['geometry-type'], 'LineString'], isKind('barrier', 'hedge')],
      paint: {
        'line-color': ['match', KIND, 'hedge', token('map-tree-line'), token('map-building-line')],
        'line-width': ['match', KIND, 'hedge', 4, 1.5],
      },
    },
  ];
}

function objects(latitude: number): LayerSpecification[] {
  const source = { source: 'street', 'source-layer': 'street-objects' } as const;
  const POINT: ExpressionSpecification = ['==', ['geometry-type'], 'Point'];
  return [
    {
      id: 'tree', type: 'circle', ...source, minzoom: 14.5, filter: ['all', POINT, isKind('tree')],
      paint: {
        'circle-color': token('map-tree'),
        'circle-opacity': 0.9,
        'circle-radius': metresInPixels(2, latitude),
        'circle-pitch-alignment': 'map',
        'circle-stroke-color': token('map-tree-line'),
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 15, 0.3, 18, 1],
      },
    },
    {
      id: 'dots', type: 'circle', ...source, minzoom: 18, filter: ['all', POINT, isKind(...DOTS)],
      paint: { 'circle-color': token('map-building'), 'circle-radius': 4, 'circle-stroke-color': token('map-label'), 'circle-stroke-width': 1.2 },
    },
    {
      id: 'furniture', type: 'symbol', ...source, minzoom: 17, filter: ['all', POINT, isKind(...Object.keys(FURNITURE))],
      layout: { 'icon-image': ['concat', 'f-', KIND], 'icon-size': ['interpolate', ['linear'], ['zoom'], 17, 0.6, 19, 0.95, 21, 1.3], 'icon-padding': 0 },
    },
  ];
}

function labels(): LayerSpecification[] {
  const source = { source: 'street', 'source-layer': 'street-objects' } as const;
  return [
    {
      id: 'number', type: 'symbol', ...source, minzoom: 18, filter: ['has', 'number'],
      layout: { 'text-field': ['to-string', ['get', 'number']], 'text-font': FONT, 'text-size': 12 },
      paint: { 'text-color': token('map-label'), 'text-halo-color': token('map-building'), 'text-halo-width': 1 },
    },
    {
      id: 'street-name', type: 'symbol', ...source, minzoom: 14, filter: ['all', ['==', KIND, 'street_axis'], ['has', 'name']],
      layout: {
        'symbol-placement': 'line',
        'symbol-spacing': 320,
        'text-field': ['get', 'name'],
        'text-font': FONT,
        'text-size': ['interpolate', ['linear'], ['zoom'], 14, 12, 18, 14],
        'text-letter-spacing': 0.03,
        'text-max-angle': 38,
      },
      paint: { 'text-color': token('map-label'), 'text-halo-color': token('map-halo'), 'text-halo-width': 2 },
    },
  ];
}

export interface BaseOptions {
  apiBase: string;
  latitude: number;
}

/** Marker ids between which a page puts its own layers: `under-labels` comes before names and numbers. */
export function baseStyle({ apiBase, latitude }: BaseOptions): StyleSpecification {
  return {
    version: 8,
    'font-faces': {
      Stoep: [
        { url: new URL(labelFont, location.href).href, 'unicode-range': ['U+0000-00FF', 'U+2000-206F', 'U+20AC'] },
        { url: new URL(labelFontExtended, location.href).href, 'unicode-range': ['U+0100-024F', 'U+1E00-1EFF'] },
      ],
    },
    sources: {
      street: { type: 'vector', tiles: [tiles(apiBase, 'street-objects')], minzoom: 13, maxzoom: 18 },
    },
    layers: [
      { id: 'ground', type: 'background', paint: { 'background-color': token('map-ground') } },
      ...surfaces(),
      ...edges(),
      ...objects(latitude),
      { id: 'under-labels', type: 'background', layout: { visibility: 'none' } },
      ...labels(),
    ],
  };
}
