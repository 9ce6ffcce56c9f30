/** Makes the map itself: own worker file, own fonts, controls with names, and a clear way out without WebGL2. */
import { Map as LibreMap, setWorkerUrl, type LngLatBoundsLike } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import { button, calm, h } from '../core/dom';
import { canDraw } from '../core/webgl';
import { number, t } from '../core/texts';
import { addBaseImages } from './images';
import type { SceneView } from '../scene/view';
import { Steps } from './steps';
import { baseStyle } from './style';

export type Box = [number, number, number, number];

export interface MapOptions {
  apiBase: string;
  bbox: Box;
  bearing?: number | undefined;
  place: string;
  label: string;
  padding?: number;
  keyboard?: boolean;
}

declare global {
  interface Window {
    stoepkrijt?: { map: LibreMap | null; ready: boolean; solid?: SceneView };
  }
}

setWorkerUrl(new URL(workerUrl, location.href).href);

export class NoWebGL extends Error {}

/** Throws NoWebGL where the browser cannot draw; else answers the map once its style is in. */
export async function makeMap(container: HTMLElement, options: MapOptions): Promise<LibreMap> {
  if (!canDraw()) throw new NoWebGL();
  const latitude = (options.bbox[1] + options.bbox[3]) / 2;
  let map: LibreMap;
  try {
    map = new LibreMap({
      container,
      style: baseStyle({ ...options, latitude }),
      bounds: options.bbox as LngLatBoundsLike,
      fitBoundsOptions: { padding: options.padding ?? 24, bearing: options.bearing ?? 0 },
      minZoom: 12,
      maxZoom: 22,
      maxPitch: 0,
      dragRotate: true,
      pitchWithRotate: false,
      attributionControl: false,
      fadeDuration: 0,
      keyboard: options.keyboard ?? true,
      locale: { 'Map.Title': options.label },
    });
  } catch (error) {
    throw new NoWebGL(String(error));
  }
  map.touchPitch.disable();
  map.on('error', (event) => console.warn('map:', event.error?.message));
  // Images first, layers that use them after: otherwise the map warns and leaves holes.
  await Promise.all([new Promise<void>((done) => void map.once('style.load', () => done())), addBaseImages(map)]);
  return map;
}

/** For browser tests and for scripts of others: set when everything first drawn is in. */
export function markReady(map: LibreMap | null): void {
  const ready = () => {
    window.stoepkrijt = { ...window.stoepkrijt, map, ready: true };
    document.body.dataset.mapReady = '1';
  };
  if (map === null || map.loaded()) ready();
  else void map.once('idle', ready);
}

/** Flies, or jumps for people who asked for less motion. */
export function goTo(map: LibreMap, box: Box, maxZoom = 19.5): void {
  map.fitBounds(box as LngLatBoundsLike, {
    padding: 60, maxZoom, bearing: map.getBearing(), duration: calm() ? 0 : 600, linear: true,
  });
}

/** Zoom buttons, north, scale and the map data's name. */
export function addControls(map: LibreMap, box: HTMLElement, attribution: string): void {
  const steps = new Steps(map);
  const north = button(t('north'), 'i-kompas', () => map.rotateTo(0, { duration: calm() ? 0 : 220 }));
  const zoom = h(
    'div',
    { class: 'tg map-zoom', role: 'group', 'aria-label': `${t('zoomIn')}, ${t('zoomOut')}` },
    button(t('zoomIn'), 'i-plus', () => steps.zoom(1)),
    button(t('zoomOut'), 'i-min', () => steps.zoom(-1)),
    north,
  );
  const turn = () => {
    const needle = north.querySelector('svg');
    if (needle) needle.style.transform = `rotate(${-map.getBearing()}deg)`;
  };
  map.on('rotate', turn);
  turn();
  box.append(zoom, scaleBar(map), legend(map));
  if (attribution) {
    const source = h('p', { class: 'map-attr' }, t('attribution', { source: attribution }));
    box.append(source);
    // The buttons stand above it, however many lines it takes.
    new ResizeObserver(() => box.style.setProperty('--map-attr-height', `${source.offsetHeight}px`)).observe(source);
  }
}

/** What the dots mean, while there are any in sight. */
function legend(map: LibreMap): HTMLElement {
  const element = h('p', { class: 'map-legend', hidden: true }, h('span', { class: 'map-dots', 'aria-hidden': 'true' }), t('estimated'));
  const dotted = { layers: ['estimated'] };
  map.on('idle', () => (element.hidden = !map.getLayer('estimated') || map.queryRenderedFeatures(dotted).length === 0));
  return element;
}

const NICE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];

function scaleBar(map: LibreMap): HTMLElement {
  const words = h('span');
  const bar = h('i');
  const draw = () => {
    const perPixel = (78271.516964 * Math.cos((map.getCenter().lat * Math.PI) / 180)) / 2 ** map.getZoom();
    const metres = [...NICE].reverse().find((n) => n / perPixel <= 110) ?? 1;
    words.textContent = t('metres', { n: number(metres) });
    bar.style.width = `${metres / perPixel}px`;
  };
  map.on('move', draw);
  draw();
  return h('div', { class: 'map-scale' }, words, bar);
}

/** What is shown instead of the map: a sentence and the drawing that the server made. */
export function fallback(box: HTMLElement, svgUrl: string | undefined, sentence = t('noWebgl')): void {
  box.classList.add('map-none');
  // Where it does not fit it scrolls: with the keyboard too.
  box.tabIndex = 0;
  box.setAttribute('role', 'region');
  box.setAttribute('aria-label', t('drawingOfStreet'));
  box.replaceChildren(
    h('div', { class: 'note note-warn map-message', role: 'status' }, h('div', {}, h('strong', {}, t('noWebglTitle')), h('p', {}, sentence))),
  );
  if (svgUrl) box.append(h('img', { class: 'map-drawing', src: svgUrl, alt: t('drawingOfStreet') }));
}
