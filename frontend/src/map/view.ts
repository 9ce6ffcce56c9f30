/** The map for reading: street, designs and comments, a search box, and a list beside it that moves along. */
import type { Feature, Geometry } from 'geojson';
import type { ExpressionSpecification, FilterSpecification, Map as LibreMap, MapGeoJSONFeature, SymbolLayerSpecification } from 'maplibre-gl';
import { Api } from '../core/api';
import { announce, button, calm, config, h } from '../core/dom';
import { bounds } from '../core/geo';

import { t } from '../core/texts';
import { sprite } from '../core/sprite';
import type { Catalogue, ElementKind } from '../editor/model';
import { NEUTRAL_ICON, THING_ICONS } from '../editor/shop';
import { addControls, fallback, goTo, makeMap, markReady, NoWebGL, type Box } from './base';
import { areaLayers, chalkLayers, chalkOf } from './chalk';
import { ALONE, groupChanges, GROUPS } from './changeGroups';
import { SINGLE_ZOOM } from './cluster';
import { openCluster } from './clusterLayer';
import { addBalloon, ensureTile } from './images';
import { Pane } from '../scene/pane';
import { addRemarks, REMARKING } from './remark';
import { SearchBox } from './search';
import { tiles, token } from './style';
import { showZones, type BriefZone } from './zones';

export interface ViewConfig {
  apiBase: string;
  lang: string;
  place: string;
  bbox: Box;
  bearing?: number;
  attribution: string;
  neighbourhood?: string;
  assignment?: { slug: string; title: string; area?: Geometry; talking?: boolean; zones?: BriefZone[] };
  /** Show only this design's changes. */
  design?: string;
  changes?: boolean;
  comments?: boolean;
  search?: boolean;
  svgUrl?: string;
  /** Addresses with `{id}` for the panel's links. */
  designUrl?: string;
  commentUrl?: string;
  pollUrl?: string;
  /** Questions about a place. */
  polls?: PlacedPoll[];
  /** Titles of the designs in the list, by id. */
  titles?: Record<string, string>;
}

interface PlacedPoll {
  id: string;
  question: string;
  at: [number, number];
}

export async function start(element: HTMLElement): Promise<void> {
  const settings = config<ViewConfig>(element);
  void sprite();
  const api = new Api(settings.apiBase, settings.lang);
  const canvas = h('div', { class: 'map-canvas' });
  element.replaceChildren(canvas);
  const slow = setTimeout(() => element.append(h('p', { class: 'map-slow', role: 'status' }, t('slow'))), 4000);
  try {
    const map = await makeMap(canvas, {
      ...settings,
      label: t('mapName', { place: settings.place }),
    });
    await dress(map, element, settings, api);
    void map.once('idle', () => (clearTimeout(slow), element.querySelector('.map-slow')?.remove()));
    markReady(map);
  } catch (error) {
    clearTimeout(slow);
    if (!(error instanceof NoWebGL)) throw error;
    fallback(element, settings.svgUrl);
    markReady(null);
  }
}

async function dress(map: LibreMap, element: HTMLElement, settings: ViewConfig, api: Api): Promise<void> {
  addControls(map, element, settings.attribution);
  if (settings.search) element.append(searchBox(map, settings, api));
  if (settings.assignment?.area) {
    map.addSource('area', { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: settings.assignment.area } });
    areaLayers('area').forEach((layer) => map.addLayer(layer, 'under-labels'));
    showZones(map, settings.assignment.zones ?? [], 'under-labels');
  }
  if (settings.changes) await addChanges(map, settings, api);
  if (settings.comments) await addComments(map, settings);
  if (settings.polls?.length) await addPolls(map, settings.polls);
  const panel = h('section', { class: 'map-panel', 'aria-live': 'polite', hidden: true });
  element.append(panel);
  listenToClicks(map, panel, settings);
  if (settings.comments && settings.assignment?.talking) addRemarks(map, element, settings.assignment.slug, api);
  connectList(map, api, addSolid(map, element, settings, api));
}

/** "3D": the same street in three dimensions, with the design that the address or the list names. */
function addSolid(map: LibreMap, element: HTMLElement, settings: ViewConfig, api: Api): Pane | null {
  const { assignment, bbox, bearing, place } = settings;
  if (!assignment?.area) return null;
  const opener = button(t('solidView'), 'i-kubus', () => void pane.open(new URLSearchParams(location.search).get('design')), 'tb', true);
  const pane = new Pane({
    api, host: element, place, area: assignment.area, bbox, bearing: bearing ?? 0,
    onOpen: () => cover(element, true),
    onClose: () => (cover(element, false), opener.focus({ preventScroll: true }), void map.triggerRepaint()),
    say: (sentence) => {
      element.querySelector('.map-slow')?.remove();
      element.append(h('p', { class: 'map-slow', role: 'status' }, sentence));
    },
  });
  element.append(h('div', { class: 'tg map-solid-open' }, opener));
  return pane;
}

/** What lies below the 3D view can be neither reached nor seen. */
function cover(element: HTMLElement, on: boolean): void {
  element.classList.toggle('map-solid', on);
  element.querySelector('.map-canvas')?.toggleAttribute('inert', on);
}

function searchBox(map: LibreMap, settings: ViewConfig, api: Api): HTMLElement {
  const box = new SearchBox({
    api,
    neighbourhood: settings.neighbourhood,
    onChoose: (place) => {
      const [x, y] = place.geometry.coordinates as [number, number];
      const street = place.properties.kind === 'street';
      goTo(map, [x, y, x, y], street ? 17.5 : 19);
      announce(t('shownOnMap', { name: place.properties.label }));
      mark(map, [x, y]);
    },
  });
  return box.element;
}

/** A yellow ring where the searched address is. */
function mark(map: LibreMap, position: [number, number]): void {
  const data = { type: 'Feature' as const, properties: {}, geometry: { type: 'Point' as const, coordinates: position } };
  const source = map.getSource('found') as { setData?: (d: typeof data) => void } | undefined;
  if (source?.setData) return source.setData(data);
  map.addSource('found', { type: 'geojson', data });
  map.addLayer({
    id: 'found', type: 'circle', source: 'found',
    paint: { 'circle-radius': 14, 'circle-color': 'transparent', 'circle-stroke-color': token('draw-select'), 'circle-stroke-width': 5 },
  });
  map.addLayer({
    id: 'found-ink', type: 'circle', source: 'found',
    paint: { 'circle-radius': 17, 'circle-color': 'transparent', 'circle-stroke-color': token('draw-tile'), 'circle-stroke-width': 2 },
  });
}

async function catalogueKinds(api: Api): Promise<ElementKind[]> {
  return api
    .get<Catalogue>('/catalogue')
    .then((answer) => answer.data.elements)
    .catch(() => []);
}

const REMOVED: ExpressionSpecification = ['==', ['get', 'action'], 'remove'];

/** Tiles hold the whole neighbourhood's designs: shown are those of this page. */
function onlyThese(settings: ViewConfig, also: FilterSpecification | null = null): FilterSpecification {
  const parts: unknown[] = ['all'];
  if (settings.design) parts.push(['==', ['get', 'design'], settings.design]);
  else if (settings.titles) parts.push(['in', ['get', 'design'], ['literal', Object.keys(settings.titles)]]);
  if (also) parts.push(also);
  return parts as FilterSpecification;
}

async function addChanges(map: LibreMap, settings: ViewConfig, api: Api): Promise<void> {
  const kinds = await catalogueKinds(api);
  map.addSource('changes', { type: 'vector', tiles: [tiles(settings.apiBase, 'changes')], minzoom: 12, maxzoom: 18 });
  const groups = kinds.flatMap((kind) => [kind.id, chalkOf(kind.group)]);
  const byKind = groups.length ? ['match', ['to-string', ['get', 'kind']], ...groups, 'paving'] : ['literal', 'paving'];
  const chalk = ['case', REMOVED, 'remove', byKind] as unknown as ExpressionSpecification;
  for (const layer of chalkLayers({ id: 'changes', source: 'changes', layer: 'changes', chalk })) {
    const filter = 'filter' in layer ? (layer.filter as FilterSpecification) : null;
    map.addLayer({ ...layer, filter: onlyThese(settings, filter) } as typeof layer, 'under-labels');
  }
  const names = await tileNames(map, kinds);
  map.addLayer({
    id: 'changes-lit', type: 'line', source: 'changes', 'source-layer': 'changes', filter: ['==', ['get', 'design'], ''],
    paint: { 'line-color': token('draw-select'), 'line-width': 6 },
  }, 'under-labels');
  map.addLayer({
    id: 'changes-lit-point', type: 'circle', source: 'changes', 'source-layer': 'changes', filter: ['==', ['get', 'design'], ''],
    paint: { 'circle-color': token('draw-select'), 'circle-radius': 25, 'circle-stroke-color': token('draw-tile'), 'circle-stroke-width': 2 },
  });
  const points = onlyThese(settings, ['all', ['==', ['geometry-type'], 'Point']]);
  const layout: SymbolLayerSpecification['layout'] = {
    'icon-image': ['case', REMOVED, names.removed, byName('kind', names.kinds, byName('object_kind', names.things, names.other))] as unknown as ExpressionSpecification,
    'icon-size': ['interpolate', ['linear'], ['zoom'], 13, 0.35, 16, 0.6, 18.5, 0.95],
    'icon-allow-overlap': true,
  };
  map.addLayer({ id: 'changes-point', type: 'symbol', source: 'changes', 'source-layer': 'changes', filter: points, minzoom: SINGLE_ZOOM, layout });
  groupChanges(map, points, layout);
}

function byName(property: string, names: Map<string, string>, other: unknown): unknown {
  return names.size ? ['match', ['to-string', ['get', property]], ...[...names].flat(), other] : other;
}

interface TileNames {
  kinds: Map<string, string>;
  things: Map<string, string>;
  other: string;
  removed: string;
}

async function tileNames(map: LibreMap, kinds: ElementKind[]): Promise<TileNames> {
  const named = (icons: [string, string][]) =>
    Promise.all(icons.map(async ([id, icon]) => [id, await ensureTile(map, { icon, verdict: null, removed: false })] as const));
  const points = kinds.filter((kind) => kind.geometry.includes('point'));
  const [ofKinds, ofThings, other] = await Promise.all([
    named(points.map((kind) => [kind.id, kind.icon ?? NEUTRAL_ICON])),
    named(Object.entries(THING_ICONS)),
    named([['', NEUTRAL_ICON]]),
  ]);
  const removed = await ensureTile(map, { icon: 'i-weg', verdict: null, removed: true });
  return { kinds: new Map(ofKinds), things: new Map(ofThings), other: other[0]![1], removed };
}

async function addComments(map: LibreMap, settings: ViewConfig): Promise<void> {
  await addBalloon(map, 'comment', 'i-praat');
  const here: FilterSpecification = settings.assignment
    ? ['all', ['==', ['geometry-type'], 'Point'], ['==', ['get', 'assignment'], settings.assignment.slug]]
    : ['==', ['geometry-type'], 'Point'];
  map.addSource('comments', { type: 'vector', tiles: [tiles(settings.apiBase, 'comments')], minzoom: 12, maxzoom: 18 });
  map.addLayer({
    id: 'comments', type: 'symbol', source: 'comments', 'source-layer': 'comments', filter: here,
    layout: {
      'icon-image': 'comment', 'icon-anchor': 'bottom', 'icon-allow-overlap': true,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 14, 0.5, 18, 0.95],
    },
  });
}

async function addPolls(map: LibreMap, polls: readonly PlacedPoll[]): Promise<void> {
  await addBalloon(map, 'poll', 'i-info');
  const features: Feature[] = polls.map(({ id, question, at }) => ({ type: 'Feature', properties: { id, question }, geometry: { type: 'Point', coordinates: at } }));
  map.addSource('polls', { type: 'geojson', data: { type: 'FeatureCollection', features } });
  map.addLayer({
    id: 'polls', type: 'symbol', source: 'polls',
    layout: {
      'icon-image': 'poll', 'icon-anchor': 'bottom', 'icon-allow-overlap': true,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 14, 0.5, 18, 0.95],
    },
  });
}

function listenToClicks(map: LibreMap, panel: HTMLElement, settings: ViewConfig): void {
  const layers = () => ['comments', 'polls', GROUPS, ALONE, 'changes-point', 'changes-fill', 'changes-halo'].filter((id) => map.getLayer(id));
  // A finger is wider than a pixel: the hit area is 44 px across.
  map.on('click', ({ point }) => {
    if (map.getContainer().parentElement?.classList.contains(REMARKING)) return;
    const top = map.queryRenderedFeatures(point, { layers: layers() })[0];
    if (top?.layer.id === GROUPS) {
      panel.hidden = true;
      return openCluster(map, top);
    }
    const box: [[number, number], [number, number]] = [[point.x - 16, point.y - 16], [point.x + 16, point.y + 16]];
    showPanel(panel, map.queryRenderedFeatures(box, { layers: layers() }), settings);
  });
  map.on('mousemove', ({ point }) => {
    map.getCanvas().style.cursor = map.queryRenderedFeatures(point, { layers: layers() }).length ? 'pointer' : '';
  });
}

function showPanel(panel: HTMLElement, features: MapGeoJSONFeature[], settings: ViewConfig): void {
  const links = new Map<string, HTMLElement>();
  for (const feature of features) {
    const p = feature.properties;
    if (feature.layer.id === GROUPS) continue;
    if (feature.layer.id === 'comments' && p.id) addLink(links, settings.commentUrl, String(p.id), t('commentHere'), t('openComment'));
    else if (feature.layer.id === 'polls') addLink(links, settings.pollUrl, String(p.id), String(p.question), t('openPoll'));
    else if (p.design) {
      const title = settings.titles?.[String(p.design)] ?? t('changeInDesign');
      addLink(links, settings.designUrl ?? '/designs/{id}', String(p.design), title, t('openDesign'));
    }
  }
  panel.hidden = links.size === 0;
  panel.replaceChildren(...links.values(), button(t('close'), 'i-sluit', () => (panel.hidden = true), 'tb map-panel-close'));
}

function addLink(links: Map<string, HTMLElement>, address: string | undefined, id: string, title: string, words: string): void {
  if (!address || links.has(id) || links.size > 5) return;
  links.set(id, h('p', {}, h('strong', {}, title), h('a', { href: address.replace('{id}', encodeURIComponent(id)) }, words)));
}

/** Items of the list beside the map: `data-design` or `data-comment`, with a `[data-show-on-map]` button. */
function connectList(map: LibreMap, api: Api, pane: Pane | null): void {
  for (const item of document.querySelectorAll<HTMLElement>('[data-map-item]')) {
    const light = (on: boolean) => highlight(map, on ? (item.dataset.design ?? '') : '');
    item.addEventListener('mouseenter', () => light(true));
    item.addEventListener('mouseleave', () => light(false));
    item.addEventListener('focusin', () => light(true));
    item.addEventListener('focusout', () => light(false));
    const button = item.querySelector<HTMLElement>('[data-show-on-map]');
    if (!button) continue;
    button.hidden = false;
    button.addEventListener('click', () => void show(map, api, item, pane));
  }
}

function highlight(map: LibreMap, design: string): void {
  if (!map.getLayer('changes-lit')) return;
  map.setFilter('changes-lit', ['==', ['get', 'design'], design]);
  map.setFilter('changes-lit-point', ['all', ['==', ['get', 'design'], design], ['==', ['geometry-type'], 'Point']]);
}

async function show(map: LibreMap, api: Api, item: HTMLElement, pane: Pane | null): Promise<void> {
  if (pane?.on && item.dataset.design) {
    await pane.design(item.dataset.design).catch(() => undefined);
    return announce(t('shownOnMap', { name: item.dataset.name ?? '' }));
  }
  const at = item.dataset.at?.split(' ').map(Number);
  if (at?.length === 2) {
    const [x, y] = at as [number, number];
    goTo(map, [x, y, x, y], 19);
    map.getContainer().scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
    return announce(t('shownOnMap', { name: item.dataset.name ?? '' }));
  }
  const path = item.dataset.design ? `designs/items/${item.dataset.design}` : `comments/items/${item.dataset.comment}`;
  const answer = await api.get<Feature>(`/collections/${path}`).catch(() => null);
  if (!answer?.data.geometry) return;
  goTo(map, bounds(answer.data.geometry), 19);
  map.getContainer().scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
  announce(t('shownOnMap', { name: item.dataset.name ?? '' }));
}
