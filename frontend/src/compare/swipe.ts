/** Two designs on one map with a line between them, beside the server's two drawn maps. */
import type { Geometry } from 'geojson';
import type { Map as LibreMap } from 'maplibre-gl';
import { announce, button, calm, config, h } from '../core/dom';
import { bounds } from '../core/geo';
import { sprite } from '../core/sprite';
import { t } from '../core/texts';
import { addControls, goTo, makeMap, markReady, NoWebGL, type Box } from '../map/base';
import { areaLayers } from '../map/chalk';
import { Overlay, type Drawn } from './overlay';
import { Slider } from './slider';

export interface CompareConfig {
  apiBase: string;
  lang: string;
  attribution: string;
  place: string;
  bbox: Box;
  bearing: number;
  area: Geometry;
  sides: [{ title: string; changes: Drawn[] }, { title: string; changes: Drawn[] }];
  /** Where each difference is in A and in B, by its key. */
  pairs: Record<string, [Geometry, Geometry]>;
  standings: Record<string, 'different' | 'only_a' | 'only_b' | 'same'>;
  shown: string | null;
}

const NEAR = 20;
/** A shown difference lies in the middle: the line makes room for the side that has it. */
const ROOM = 78;

export async function start(element: HTMLElement): Promise<void> {
  const settings = config<CompareConfig>(element);
  const page = element.parentElement!;
  const box = h('div', { class: 'map-box swipe-map' });
  const canvas = h('div', { class: 'map-canvas' });
  box.append(canvas);
  const slider = new Slider(box, (share) => t('swipeShare', { a: share, b: 100 - share }));
  element.append(box, rangeRow(slider));
  const choice = modeButtons(page, element);
  page.prepend(choice);
  try {
    element.hidden = false;
    const [map] = await Promise.all([
      makeMap(canvas, { ...settings, label: t('mapName', { place: settings.place }), padding: 48 }),
      sprite(),
    ]);
    dress(map, box, slider, settings);
    markReady(map);
  } catch (error) {
    choice.remove();
    element.remove();
    page.classList.remove('is-sliding');
    if (!(error instanceof NoWebGL)) throw error;
    markReady(null);
  }
}

function rangeRow(slider: Slider): HTMLElement {
  return h(
    'div',
    { class: 'swipe-range' },
    h('label', { for: slider.range.id }, t('swipeLabel')),
    h('span', { 'aria-hidden': 'true' }, 'A'),
    slider.range,
    h('span', { 'aria-hidden': 'true' }, 'B'),
  );
}

/** The line or two maps: what is chosen shows, the other stays out of the way. */
function modeButtons(page: HTMLElement, element: HTMLElement): HTMLElement {
  const choose = (sliding: boolean) => {
    page.classList.toggle('is-sliding', sliding);
    element.hidden = !sliding;
    slide.setAttribute('aria-pressed', String(sliding));
    beside.setAttribute('aria-pressed', String(!sliding));
  };
  const slide = button(t('swipeMode'), 'i-vergelijk', () => choose(true), 'tb', true);
  const beside = button(t('besideMode'), 'i-kaart', () => choose(false), 'tb', true);
  choose(true);
  return h('div', { class: 'swipe-choice' }, h('div', { class: 'tg', role: 'group', 'aria-label': t('swipeModes') }, slide, beside));
}

function dress(map: LibreMap, box: HTMLElement, slider: Slider, settings: CompareConfig): void {
  map.addSource('area', { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: settings.area } });
  areaLayers('area').forEach((layer) => map.addLayer(layer, 'under-labels'));
  const overlays = settings.sides.map(({ changes }, index) => {
    const letter = index === 0 ? 'a' : 'b';
    const overlay = new Overlay(map, changes, `zij-${letter}`);
    const mark = h('span', { class: `letter letter-${letter}`, 'aria-hidden': 'true' }, letter.toUpperCase());
    box.append(h('div', { class: `swipe-side swipe-${letter}` }, overlay.element as unknown as HTMLElement, mark));
    return overlay;
  });
  box.append(slider.line);
  addControls(map, box, settings.attribution);
  const show = (key: string, name: string, moveMap: boolean) => {
    const places = settings.pairs[key];
    if (!places) return;
    overlays.forEach((overlay, index) => overlay.light(places[index]!));
    slider.set(settings.standings[key] === 'only_b' ? 100 - ROOM : ROOM);
    goTo(map, around(places), NEAR);
    mark(key);
    redraw(key);
    if (moveMap) box.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
    if (name) announce(t('swipeShown', { name }));
  };
  for (const link of document.querySelectorAll<HTMLAnchorElement>('a[data-show]')) {
    link.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
      event.preventDefault();
      show(link.dataset.show!, link.closest('li')?.querySelector('b')?.textContent?.trim() ?? '', true);
    });
  }
  if (settings.shown) show(settings.shown, '', false);
}

function around(places: [Geometry, Geometry]): Box {
  const [a, b] = places.map(bounds) as [Box, Box];
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])];
}

/** The item of the list that is on the map. */
function mark(key: string): void {
  for (const item of document.querySelectorAll<HTMLElement>('[data-difference]')) {
    if (item.dataset.difference === key) item.setAttribute('aria-current', 'true');
    else item.removeAttribute('aria-current');
  }
}

/** The drawn maps go to the same place. */
function redraw(key: string): void {
  for (const image of document.querySelectorAll<HTMLImageElement>('img[data-picture]')) {
    const address = new URL(image.src);
    address.searchParams.set('show', key);
    image.src = address.href;
  }
}
