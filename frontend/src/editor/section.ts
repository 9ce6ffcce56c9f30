/** The cross-section of the street at a place that one slides along it: now, and in the drawing at hand. */
import type { Feature, LineString, Position } from 'geojson';
import type { MapMouseEvent } from 'maplibre-gl';
import { ApiError } from '../core/api';
import { announce, button, h, icon } from '../core/dom';
import { centre, distance } from '../core/geo';
import { number, t } from '../core/texts';
import { show } from '../map/show';
import { token } from '../map/style';
import type { Bench, MakePart } from './bench';
import type { Canvas } from './canvas';
import { fromSegment } from './hand';
import { toFeatures } from './model';
import { untilReleased } from './release';
import { phone } from './sheet';
import { across, bearingAt, lengthOf, nearestOn, placeAt } from './track';

interface Cut {
  text: string;
  svg: string;
  length_m: number;
  bands: { name: string; width: string; certainty_name: string; needed: string | null }[];
  elements: { text: string }[];
}

interface Answer {
  at: [number, number];
  title: string;
  near: string | null;
  bearing_deg: number;
  line: LineString;
  track: { geometry: LineString; length_m: number; at_m: number } | null;
  changed: boolean;
  notes: string;
  before: Cut;
  after: Cut;
}

type Side = 'before' | 'after';
type Freshness = 'empty' | 'waiting' | 'fresh' | 'stale';

const NAME = 'section';
const WAIT_MS = 150;
const STEP_M = 0.5;
/** A chosen element this near to the street's line is cut on that line; one further away is in another street. */
const SAME_STREET_M = 20;
const GRAB_PX = 9;
/** Where there is room the strip is open at first. */
const ROOMY = '(min-width: 1200px) and (min-height: 800px)';

class CrossSection {
  readonly element: HTMLElement;
  private readonly place = h('p', { class: 'sec-place' });
  private readonly age = h('p', { class: 'sec-age', role: 'status' });
  private readonly figure = h('div', { class: 'sec-figure' });
  private readonly words = h('div', { class: 'sec-table' });
  private readonly slider = h('input', { type: 'range', class: 'sec-slider', min: 0, max: 0, step: STEP_M, value: 0, 'aria-label': t('sectionSlider'), disabled: true });
  private readonly sides: Record<Side, HTMLButtonElement>;
  private readonly grips: HTMLElement[];
  private side: Side = 'after';
  private answer: Answer | null = null;
  private freshness: Freshness = 'empty';
  private refusal = '';
  /** The line that the slider moves along, kept while one stays in a street. */
  private track: Position[] | null = null;
  private along = 0;
  /** Where to cut next, off the line: the server looks for the street there. */
  private spot: Position | null = null;
  private asked = '';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | null = null;
  private selected: string | null = null;
  private spoken = false;
  private canvas: Canvas | null = null;
  private panel: HTMLElement | null = null;

  constructor(private readonly bench: Bench) {
    this.sides = { before: this.choice('before', 'sectionNow'), after: this.choice('after', 'sectionDesign') };
    const group = h('div', { class: 'sec-sides', role: 'group', 'aria-label': t('sectionSides') }, this.sides.before, this.sides.after);
    const here = button(t('sectionHere'), 'i-kaart', () => this.cutAt(this.bench.middle()), 'tb sec-here');
    this.slider.addEventListener('input', () => this.slide(Number(this.slider.value), true));
    this.element = h(
      'div',
      { class: 'sec', 'data-freshness': 'empty' },
      h('div', { class: 'sec-bar' }, this.place, h('label', { class: 'sec-slide' }, icon('i-doorsnede', 20), this.slider), here, group),
      h('div', { class: 'sec-body' }, this.age, this.figure, this.words),
    );
    this.grips = [0, 1].map(() => this.grip());
    this.choose('after');
  }

  private choice(side: Side, label: 'sectionNow' | 'sectionDesign'): HTMLButtonElement {
    return h('button', { type: 'button', 'data-side': side, onclick: () => this.choose(side, true) }, t(label));
  }

  private choose(side: Side, speak = false): void {
    this.side = side;
    for (const [name, made] of Object.entries(this.sides)) made.setAttribute('aria-pressed', String(name === side));
    this.show();
    if (speak && this.answer) announce(this.answer[side].text);
  }

  // --- when to ask -----------------------------------------------------------------------------------------------

  private get open(): boolean {
    return this.bench.sheet.isOpen(NAME);
  }

  /** The drawing, the choice or the panel may have changed. */
  update(): void {
    this.watchPanel();
    const { selected } = this.bench.store.state;
    if (selected !== this.selected) {
      this.selected = selected;
      const change = this.bench.store.selected;
      if (change && this.answer) this.cutAt(centre(change.geometry));
    }
    if (this.open) this.ask();
  }

  /** Opening the panel is no change of the drawing, so the workshop does not tell. */
  private watchPanel(): void {
    if (this.panel) return;
    this.panel = this.element.closest<HTMLElement>('[data-name]');
    if (!this.panel) return;
    new MutationObserver(() => (this.open ? this.ask() : this.drawLine())).observe(this.panel, { attributeFilter: ['data-open'] });
    addEventListener('online', () => this.ask(true));
    addEventListener('resize', () => this.open && this.ask());
    if (matchMedia(ROOMY).matches) this.bench.sheet.unfold(NAME);
  }

  /** Cuts at a place: on the line that is there already when it is in the same street. */
  private cutAt(place: Position): void {
    const near = this.track && nearestOn(this.track, place);
    if (near && near.off <= SAME_STREET_M) return this.slide(near.along);
    this.spot = place;
    this.ask();
  }

  private slide(along: number, spoken = false): void {
    if (!this.track) return;
    this.spot = null;
    this.spoken = spoken;
    this.along = Math.min(Math.max(0, along), lengthOf(this.track));
    this.slider.value = String(this.along);
    this.tellPlace();
    this.drawLine();
    this.ask();
  }

  private question(): Record<string, unknown> {
    const { changes } = this.bench.store.state;
    const shared = { assignment: this.bench.settings.assignment.slug, changes: toFeatures(changes), layout: phone() ? 'narrow' : 'strip' };
    if (this.track && !this.spot) {
      return { ...shared, at: placeAt(this.track, this.along).map(eight), bearing_deg: Math.round(bearingAt(this.track, this.along) * 100) / 100, track: false };
    }
    const [first] = changes;
    const at = this.spot ?? (first ? centre(first.geometry) : centre(this.bench.settings.assignment.area));
    return { ...shared, at: at.map(eight) };
  }

  private ask(again = false): void {
    if (!this.open) return;
    const question = JSON.stringify(this.question());
    if (question === this.asked && !(again && this.freshness === 'stale')) return;
    this.asked = question;
    clearTimeout(this.timer);
    this.running?.abort();
    this.become('waiting');
    this.timer = setTimeout(() => void this.run(JSON.parse(question) as Record<string, unknown>), WAIT_MS);
  }

  private async run(question: Record<string, unknown>): Promise<void> {
    const running = (this.running = new AbortController());
    try {
      const { data } = await this.bench.api.ask<Answer>('/section', question, running.signal);
      if (running === this.running) this.take(data);
    } catch (error) {
      if (running !== this.running || running.signal.aborted) return;
      // What the server says; without an answer it is the connection.
      this.refusal = error instanceof ApiError ? error.problems.map((problem) => problem.message).join(' ') || error.detail : '';
      this.become('stale');
    }
  }

  private take(answer: Answer): void {
    this.answer = answer;
    this.refusal = '';
    if (answer.track) {
      this.track = answer.track.geometry.coordinates;
      this.along = nearestOn(this.track, answer.at).along;
      this.spot = null;
      this.slider.max = String(Math.floor(lengthOf(this.track) / STEP_M) * STEP_M);
      this.slider.value = String(this.along);
      this.slider.disabled = false;
      this.asked = JSON.stringify(this.question());
    }
    this.tellPlace();
    this.become('fresh');
    this.drawLine();
    if (this.spoken) announce(`${answer.title}. ${answer[this.side].text}`);
    this.spoken = false;
  }

  // --- showing ---------------------------------------------------------------------------------------------------

  private become(freshness: Freshness): void {
    this.freshness = freshness;
    this.element.dataset.freshness = freshness;
    this.show();
  }

  private show(): void {
    const { answer, freshness } = this;
    this.element.setAttribute('aria-busy', String(freshness === 'waiting'));
    // While an answer is under way the last words stay: about what was just drawn there is nothing to say yet.
    const same = answer && !answer.changed && this.side === 'after' && this.bench.store.state.changes.length > 0;
    const words = freshness === 'stale' ? this.refusal || t(answer ? 'sectionStale' : 'sectionFailed') : freshness === 'waiting' ? this.age.textContent : same ? t('sectionSame') : '';
    if (this.age.textContent !== words) this.age.textContent = words;
    this.age.hidden = !words;
    if (!answer) {
      this.figure.replaceChildren(h('p', { class: 'muted' }, freshness === 'waiting' ? t('calculating') : ''));
      return;
    }
    const cut = answer[this.side];
    this.place.textContent = answer.near ? t('sectionNear', { place: answer.near }) : '';
    const svg = picture(cut.svg);
    this.figure.replaceChildren(...(svg ? [svg] : []));
    const wasOpen = this.words.querySelector('details')?.open ?? false;
    this.words.replaceChildren(this.table(cut, answer.notes, wasOpen));
  }

  /** The same in words and figures: the text alternative of the picture. */
  private table(cut: Cut, notes: string, open: boolean): HTMLElement {
    const head = h('tr', {}, ...(['sectionPart', 'sectionWidth', 'sectionSure'] as const).map((key) => h('th', { scope: 'col' }, t(key))));
    const rows = cut.bands.map((band) => h('tr', {}, h('th', { scope: 'row' }, band.name), h('td', {}, band.needed ? `${band.width} (${band.needed})` : band.width), h('td', {}, band.certainty_name)));
    const total = h('tr', {}, h('th', { scope: 'row' }, t('sectionTotal')), h('td', {}, `${number(cut.length_m, 2)} m`), h('td'));
    return h(
      'details',
      { open },
      h('summary', {}, t('sectionTable')),
      h('table', {}, h('thead', {}, head), h('tbody', {}, ...rows), h('tfoot', {}, total)),
      cut.elements.length > 0 && h('h3', {}, t('sectionThings')),
      cut.elements.length > 0 && h('ul', { class: 'plain' }, ...cut.elements.map(({ text }) => h('li', {}, text))),
      h('p', { class: 'muted xs' }, notes),
    );
  }

  private tellPlace(): void {
    const metres = t('sectionSpot', { n: number(this.along, 1) });
    this.slider.setAttribute('aria-valuetext', this.answer?.near ? `${metres}, ${this.answer.near}` : metres);
  }

  // --- on the map ------------------------------------------------------------------------------------------------

  mapReady(canvas: Canvas): void {
    this.canvas = canvas;
    const { map } = canvas;
    map.addSource(NAME, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
    const shape = { 'line-cap': 'butt' } as const;
    map.addLayer({ id: 'section-halo', type: 'line', source: NAME, layout: shape, paint: { 'line-color': '#fff', 'line-width': 6 } });
    map.addLayer({ id: NAME, type: 'line', source: NAME, layout: shape, paint: { 'line-color': token('draw-tile'), 'line-width': 2.5, 'line-dasharray': [6, 2, 1.2, 2] } });
    canvas.box.append(...this.grips);
    map.on('move', () => this.placeGrips());
    map.on('mousedown', (event) => this.grab(event));
    map.on('resize', () => this.placeGrips());
    this.drawLine();
  }

  /** Both ends of the cut, in degrees; while one slides, where it will be. */
  private ends(): [Position, Position] | null {
    const { answer } = this;
    if (!answer || !this.open) return null;
    const [left, right] = answer.line.coordinates as [Position, Position];
    if (!this.track || this.spot || this.freshness === 'fresh') return [left, right];
    const place = placeAt(this.track, this.along);
    return across(place, bearingAt(this.track, this.along), distance(answer.at, left), distance(answer.at, right));
  }

  private drawLine(): void {
    const ends = this.ends();
    const features: Feature[] = ends ? [{ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: ends } }] : [];
    show(this.canvas?.map, NAME, features);
    this.placeGrips();
  }

  private grip(): HTMLElement {
    const grip = h('div', { class: 'sec-grip', 'aria-hidden': 'true', hidden: true }, icon('i-schuif', 20));
    grip.addEventListener('pointerdown', (event) => {
      event.preventDefault();
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointermove', (event) => {
      if (grip.hasPointerCapture(event.pointerId)) this.pull(event.clientX, event.clientY);
    });
    return grip;
  }

  private placeGrips(): void {
    const ends = this.ends();
    for (const [i, grip] of this.grips.entries()) {
      grip.hidden = !ends || !this.canvas;
      if (!ends || !this.canvas) continue;
      const { map } = this.canvas;
      const at = map.project(ends[i] as [number, number]);
      const other = map.project(ends[1 - i] as [number, number]);
      // A little past the end, so that it does not lie on what stands at the façade.
      const long = Math.hypot(at.x - other.x, at.y - other.y) || 1;
      const [x, y] = [at.x + ((at.x - other.x) / long) * 22, at.y + ((at.y - other.y) / long) * 22];
      grip.style.transform = `translate(${Math.round(x - 22)}px, ${Math.round(y - 22)}px)`;
    }
  }

  private pull(clientX: number, clientY: number): void {
    if (!this.canvas || !this.track) return;
    const rect = this.canvas.map.getCanvas().getBoundingClientRect();
    const at = this.canvas.map.unproject([clientX - rect.left, clientY - rect.top]);
    this.slide(nearestOn(this.track, [at.lng, at.lat]).along);
  }

  /** A mouse may pull the line itself, where nothing of one's own lies. */
  private grab(event: MapMouseEvent): void {
    const ends = this.ends();
    if (!ends || !this.canvas || event.defaultPrevented || this.bench.shop.tool.type !== 'none') return;
    const { map } = this.canvas;
    const [a, b] = ends.map((end) => map.project(end as [number, number]));
    if (event.originalEvent.button !== 0 || fromSegment(event.point, a!, b!) > GRAB_PX) return;
    event.preventDefault();
    const move = (moved: MapMouseEvent) => this.pull(moved.originalEvent.clientX, moved.originalEvent.clientY);
    map.on('mousemove', move);
    untilReleased(() => map.off('mousemove', move));
  }
}

const eight = (value: number): number => Math.round(value * 1e8) / 1e8;

/** The server's picture as an element of the page, so that it has the page's letter. */
function picture(svg: string): Element | null {
  const read = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  return read.nodeName === 'svg' ? document.importNode(read, true) : null;
}

export const crossSection: MakePart = (bench) => {
  const section = new CrossSection(bench);
  return {
    tools: [{ id: NAME, group: 'view', label: 'section', icon: 'i-doorsnede', words: true, panel: NAME, run: () => bench.sheet.toggle(NAME) }],
    panel: { name: NAME, title: 'section', className: 'ws-sec', element: section.element, place: 'below', tab: { label: 'section', icon: 'i-doorsnede', order: 3 } },
    mapReady: (canvas) => section.mapReady(canvas),
    update: () => section.update(),
  };
};
