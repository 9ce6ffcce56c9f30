/** Draws an assignment's area and zones; the form's text fields hold them as GeoJSON, and stay usable by themselves. */
import type { Feature, Geometry, Position } from 'geojson';
import type { GeoJSONSource, Map as LibreMap } from 'maplibre-gl';
import { button, config, h } from '../core/dom';
import { bounds, rounded, size } from '../core/geo';
import { number, t } from '../core/texts';
import { sprite } from '../core/sprite';
import { addControls, fallback, goTo, makeMap, markReady, NoWebGL, type Box } from '../map/base';
import { areaLayers } from '../map/chalk';
import { Over, type Mark } from '../map/over';
import { Steps } from '../map/steps';
import { showZones, type BriefZone } from '../map/zones';
import { Sketch } from '../editor/sketch';

interface PickerConfig {
  apiBase?: string;
  /** Id of the text field that the server reads. */
  input: string;
  /** The chosen neighbourhood, and the field in which it is chosen. */
  neighbourhood: string;
  neighbourhoodInput: string;
  neighbourhoods: Record<string, Box>;
  attribution?: string;
  svgUrl?: string;
}

export async function start(element: HTMLElement): Promise<void> {
  const settings = config<PickerConfig>(element);
  void sprite();
  const field = document.getElementById(settings.input) as HTMLTextAreaElement | null;
  const choice = document.getElementById(settings.neighbourhoodInput) as HTMLSelectElement | null;
  const boxOf = () => settings.neighbourhoods[choice?.value || settings.neighbourhood] ?? Object.values(settings.neighbourhoods)[0];
  const bbox = boxOf();
  if (!field || !bbox) return;
  element.hidden = false;
  const canvas = h('div', { class: 'map-canvas' });
  element.replaceChildren(canvas);
  try {
    // "Choose a neighbourhood" is nobody's name for a map.
    const place = (choice?.value && choice.selectedOptions[0]?.textContent) || settings.neighbourhood;
    const map = await makeMap(canvas, {
      apiBase: settings.apiBase ?? '/api', bbox, place, label: `${t('mapName', { place })} ${t('areaHint')}`, keyboard: false,
    });
    addControls(map, element, settings.attribution ?? '');
    new Picker(map, element, field);
    choice?.addEventListener('change', () => {
      const next = boxOf();
      if (next) goTo(map, next, 17);
    });
    markReady(map);
  } catch (error) {
    if (!(error instanceof NoWebGL)) throw error;
    fallback(element, settings.svgUrl);
    markReady(null);
  }
}

/** The area in a text of GeoJSON (geometry, Feature or FeatureCollection of one), or null. */
export function areaFrom(text: string): Geometry | null {
  try {
    const parsed = JSON.parse(text) as Geometry | Feature | { type: 'FeatureCollection'; features: Feature[] };
    const inner = parsed.type === 'FeatureCollection' ? parsed.features[0] : parsed;
    const geometry = inner?.type === 'Feature' ? inner.geometry : (inner as Geometry | undefined);
    if (geometry?.type !== 'Polygon' && geometry?.type !== 'MultiPolygon') return null;
    return size(geometry) > 0 ? geometry : null;
  } catch {
    return null;
  }
}

const shown = (geometry: Geometry): Mark => ({ geometry, looks: ['over-area', 'over-sketch-halo', 'over-sketch'] });

function kindOf(field: HTMLTextAreaElement): BriefZone['kind'] {
  const chosen = document.getElementById(field.dataset.zoneKind ?? '') as HTMLSelectElement | null;
  return (chosen?.value ?? field.dataset.zone) === 'free' ? 'free' : 'fixed';
}

class Picker {
  private sketch = new Sketch('area');
  private done = false;
  private readonly steps: Steps;
  private readonly over: Over;
  private readonly area: HTMLTextAreaElement;
  /** All that can be drawn here: the area, and each zone. */
  private readonly fields: HTMLTextAreaElement[];
  private readonly status = h('p', { class: 'picker-status', role: 'status' }, t('areaHint'));

  constructor(
    private readonly map: LibreMap,
    element: HTMLElement,
    private field: HTMLTextAreaElement,
  ) {
    this.area = field;
    this.fields = [field, ...(field.form ?? document).querySelectorAll<HTMLTextAreaElement>('textarea[data-zone]')];
    this.steps = new Steps(map);
    this.addLayers();
    this.over = new Over(map, ['picked']);
    const cross = h('div', { class: 'map-cross', 'aria-hidden': 'true' });
    const place = () => {
      const at = map.project(map.getCenter());
      cross.style.transform = `translate(${at.x}px, ${at.y}px)`;
    };
    map.on('move', place);
    place();
    const tools = h(
      'div',
      { class: 'picker-tools', role: 'group', 'aria-label': t('areaHint') },
      button(t('areaFinish'), 'i-vink', () => this.finish(), 'btn btn-1 btn-s', true),
      button(t('pointBack'), 'i-undo', () => this.back(), 'btn btn-2 btn-s', true),
      button(t('areaClear'), 'i-weg', () => this.clear(), 'btn btn-2 btn-s', true),
    );
    element.append(cross);
    if (this.fields.length > 1) element.before(this.choice(element));
    element.after(this.status, tools);
    this.listen(element);
    this.fromField();
    this.others();
  }

  /** Which of the shapes is drawn now; a button beside each zone chooses it too. */
  private choice(element: HTMLElement): HTMLElement {
    const options = this.fields.map((field, index) => h('option', { value: String(index) }, field.dataset.name ?? t('drawArea')));
    const select = h('select', { id: 'draw-what' }, ...options);
    select.addEventListener('change', () => this.switchTo(this.fields[Number(select.value)] ?? this.area));
    for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-draw]')) {
      button.hidden = false;
      button.addEventListener('click', () => {
        const index = this.fields.findIndex((field) => field.id === button.dataset.draw);
        select.value = String(index);
        this.switchTo(this.fields[index] ?? this.area);
        element.scrollIntoView({ block: 'center' });
        this.map.getCanvas().focus({ preventScroll: true });
      });
    }
    return h('p', { class: 'picker-what' }, h('label', { class: 'l', for: 'draw-what' }, t('drawWhat')), select);
  }

  private switchTo(field: HTMLTextAreaElement): void {
    this.field = field;
    this.sketch = new Sketch('area');
    this.done = false;
    this.over.show('picked', []);
    this.fromField();
    this.others();
    if (!field.value.trim()) this.say(t('areaHint'));
  }

  /** What is not drawn now stays in sight: the zones as residents will see them, and the area's edge. */
  private others(): void {
    const shapes = this.fields.filter((field) => field !== this.field).map((field) => ({ field, geometry: areaFrom(field.value) }));
    const zones = shapes.flatMap(({ field, geometry }): BriefZone[] => (geometry && field !== this.area ? [{ kind: kindOf(field), reason: '', geometry }] : []));
    const outline = shapes.find(({ field }) => field === this.area)?.geometry;
    showZones(this.map, zones);
    (this.map.getSource('outline') as GeoJSONSource).setData({ type: 'FeatureCollection', features: outline ? [{ type: 'Feature', properties: {}, geometry: outline }] : [] });
  }

  private addLayers(): void {
    this.map.addSource('outline', { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    areaLayers('outline').forEach((layer) => this.map.addLayer(layer));
  }

  private listen(element: HTMLElement): void {
    const { map } = this;
    map.doubleClickZoom.disable();
    map.on('click', (event) => this.corner([event.lngLat.lng, event.lngLat.lat]));
    map.on('dblclick', () => this.finish());
    map.on('mousemove', (event) => {
      if (this.done || this.sketch.corners.length === 0) return;
      this.sketch.hover = [event.lngLat.lng, event.lngLat.lat];
      this.draw();
    });
    const canvas = map.getCanvas();
    canvas.addEventListener('keydown', (event) => {
      element.classList.add('map-keyboard');
      this.key(event);
    });
    canvas.addEventListener('focus', () => element.classList.toggle('map-keyboard', canvas.matches(':focus-visible')));
    canvas.addEventListener('blur', () => element.classList.remove('map-keyboard'));
    for (const field of this.fields) field.addEventListener('change', () => (field === this.field ? this.fromField() : this.others()));
    for (const field of this.fields) document.getElementById(field.dataset.zoneKind ?? '')?.addEventListener('change', () => this.others());
  }

  private key(event: KeyboardEvent): void {
    const arrows: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    const arrow = arrows[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (arrow) this.steps.pan(...arrow);
    else if (event.key === 'Enter') this.corner(this.steps.settle().toArray());
    else if (event.key === 'Backspace') this.back();
    else if (event.key === '+' || event.key === '=') this.steps.zoom(1);
    else if (event.key === '-') this.steps.zoom(-1);
    else return;
    event.preventDefault();
  }

  private corner(position: Position): void {
    if (this.done) this.again();
    if (this.sketch.add(position)) this.say(t('pointAdded', { n: this.sketch.corners.length }));
    this.draw();
  }

  /** A new shape; what there was stays, in the field and on the map, until the new one is finished. */
  private again(): void {
    this.sketch = new Sketch('area');
    this.done = false;
  }

  private back(): void {
    // A shape of several parts, or with holes, has no last corner.
    if (this.sketch.corners.length === 0) return;
    this.done = false;
    this.sketch.back();
    this.say(t('pointRemoved', { n: this.sketch.corners.length }));
    this.draw();
  }

  private clear(): void {
    this.sketch = new Sketch('area');
    this.done = false;
    this.field.value = '';
    this.say(t('areaHint'));
    this.draw();
  }

  private finish(): void {
    const drawn = this.sketch.finished();
    if (!drawn) return this.say(t('needThree'));
    this.done = true;
    this.sketch.hover = null;
    this.field.value = JSON.stringify(rounded(drawn));
    this.say(this.finished(size(drawn)));
    this.draw();
  }

  /** What somebody pasted, or what the server sent back with the form. */
  private fromField(): void {
    if (!this.field.value.trim()) return;
    const area = areaFrom(this.field.value);
    this.field.toggleAttribute('aria-invalid', false);
    if (!area) {
      this.field.setAttribute('aria-invalid', 'true');
      return this.say(t('areaBad'));
    }
    this.done = true;
    if (area.type === 'Polygon' && area.coordinates.length === 1) this.sketch.corners = area.coordinates[0]!.slice(0, -1);
    this.over.show('picked', [shown(area)]);
    goTo(this.map, bounds(area), 19);
    this.say(this.finished(size(area)));
  }

  private finished(squareMetres: number): string {
    const n = number(squareMetres);
    return this.field === this.area ? t('areaDone', { n }) : t('zoneDone', { name: this.field.dataset.name ?? '', n });
  }

  private draw(): void {
    const before = this.done ? null : areaFrom(this.field.value);
    this.over.show('picked', [...(before ? [{ geometry: before, looks: ['over-halo', 'over-before'] }] : []), ...this.sketch.marks()]);
  }

  private say(sentence: string): void {
    this.status.textContent = sentence;
  }
}
