/** The ballot's map: a button on the place of every option, its drawing when looked at or chosen, and a card to choose on. */
import type { Geometry } from 'geojson';
import type { LngLatBoundsLike, Map as LibreMap } from 'maplibre-gl';
import { Overlay, type Drawn } from '../compare/overlay';
import { announce, button, calm, h } from '../core/dom';
import { sprite } from '../core/sprite';
import { euros, t } from '../core/texts';
import { addControls, fallback, makeMap, markReady, NoWebGL, type Box } from '../map/base';
import { areaLayers } from '../map/chalk';
import { controls, remark, type Ballot } from './ballot';
import { apart, ROOM, type Spot } from './places';

export interface BallotMapConfig {
  apiBase: string;
  place: string;
  attribution: string;
  bbox: Box;
  bearing: number;
  area: Geometry;
  svgUrl: string;
  /** By code: what is drawn, its box and the place of its button. */
  drawings: Record<string, { changes: Drawn[]; bbox: Box; at: [number, number] }>;
}

const NEAR = 19.5;
/** Half a button, and the tile of an element. */
const ABOVE = 40;
/** More buttons than this hide the street, and each other. */
const MOST_MARKS = 24;

export async function show(element: HTMLElement, ballot: Ballot): Promise<void> {
  const settings = ballot.rules.map;
  const canvas = h('div', { class: 'map-canvas' });
  element.replaceChildren(canvas);
  try {
    const [map] = await Promise.all([makeMap(canvas, { ...settings, label: t('mapName', { place: settings.place }), padding: 48 }), sprite()]);
    new BallotMap(map, element, ballot);
    markReady(map);
  } catch (error) {
    if (!(error instanceof NoWebGL)) throw error;
    fallback(element, settings.svgUrl);
    markReady(null);
  }
}

class BallotMap {
  private readonly overlays = new Map<string, Overlay>();
  private readonly marks = new Map<string, HTMLButtonElement>();
  private readonly acts = new Map<string, HTMLElement>();
  private readonly layer = h('div', { class: 'ballot-drawings' });
  private readonly card = h('section', { class: 'ballot-card', 'aria-label': t('ballotCard'), hidden: true });
  private readonly hint = h('p', { class: 'ballot-hint', hidden: true }, t('ballotCloser'));
  private selected: string | null = null;

  constructor(
    private readonly map: LibreMap,
    private readonly element: HTMLElement,
    private readonly ballot: Ballot,
  ) {
    const { map: settings } = ballot.rules;
    map.addSource('area', { type: 'geojson', data: { type: 'Feature', properties: {}, geometry: settings.area } });
    areaLayers('area').forEach((layer) => map.addLayer(layer, 'under-labels'));
    const marks = h('div', { class: 'ballot-marks', role: 'group', 'aria-label': t('ballotMarks') });
    for (const { code, title } of ballot.rules.options) {
      const mark = h('button', { type: 'button', class: 'ballot-mark', onclick: () => this.select(code, true) }, code) as HTMLButtonElement;
      mark.dataset.title = title;
      this.marks.set(code, mark);
      marks.append(mark);
    }
    element.append(this.layer, marks, this.hint);
    addControls(map, element, settings.attribution);
    element.append(this.card);
    for (const event of ['move', 'resize'] as const) map.on(event, () => this.place());
    this.place();
    ballot.onChange(() => this.refresh());
    this.connectList();
    this.card.addEventListener('keydown', (event) => event.key === 'Escape' && this.close());
  }

  /** Buttons stand above what they name, next to each other where those places coincide. */
  private place(): void {
    const { clientWidth: width, clientHeight: height } = this.element;
    const seen = ({ x, y }: Spot) => x > -ROOM && y > -ROOM && x < width + ROOM && y < height + ROOM;
    const inSight = [...this.marks.keys()].filter((code) => seen(this.above(code)));
    // Closer by there is room for every letter; from far only for those that somebody chose or looks at.
    const crowded = inSight.length > MOST_MARKS;
    const codes = crowded ? inSight.filter((code) => this.ballot.number(code) > 0 || code === this.selected) : inSight;
    for (const [code, mark] of this.marks) mark.hidden = !codes.includes(code);
    this.hint.hidden = !crowded;
    const spots = apart(codes.map((code) => this.above(code)));
    codes.forEach((code, index) => {
      this.marks.get(code)!.style.transform = `translate(${spots[index]!.x.toFixed(1)}px, ${spots[index]!.y.toFixed(1)}px)`;
    });
  }

  private above(code: string): Spot {
    const { at, bbox } = this.ballot.rules.map.drawings[code]!;
    const [west, south, east, north] = bbox;
    const corners = [[west, south], [west, north], [east, south], [east, north]].map((one) => this.map.project(one as [number, number]).y);
    return { x: this.map.project(at).x, y: Math.min(...corners) - ABOVE };
  }

  private refresh(): void {
    for (const { code, title } of this.ballot.rules.options) {
      const chosen = this.ballot.number(code);
      const mark = this.marks.get(code)!;
      mark.classList.toggle('is-chosen', chosen > 0);
      mark.setAttribute('aria-label', t(chosen ? 'ballotMarkChosen' : 'ballotMark', { code, title }));
      if (code === this.selected) mark.setAttribute('aria-current', 'true');
      else mark.removeAttribute('aria-current');
      this.draw(code, chosen > 0 || code === this.selected);
    }
    this.place();
    const note = this.card.querySelector('[data-remark]');
    if (note && this.selected) note.textContent = remark(this.ballot, this.selected);
  }

  private draw(code: string, shown: boolean): void {
    const made = this.overlays.get(code);
    if (!made && !shown) return;
    const overlay = made ?? this.overlay(code);
    overlay.element.toggleAttribute('hidden', !shown);
  }

  private overlay(code: string): Overlay {
    const overlay = new Overlay(this.map, this.ballot.rules.map.drawings[code]!.changes, `keuze-${code}`);
    this.layer.append(overlay.element as unknown as HTMLElement);
    this.overlays.set(code, overlay);
    return overlay;
  }

  /** Looks at one option; `focus` for who came by its button. */
  select(code: string, focus: boolean): void {
    this.selected = code;
    const option = this.ballot.rules.options.find((one) => one.code === code)!;
    const close = button(t('close'), 'i-sluit', () => this.close(), 'tb map-panel-close');
    this.card.replaceChildren(
      h('h3', { tabindex: '-1' }, h('span', { class: 'letter', 'aria-hidden': 'true' }, code), h('span', { class: 'vh' }, `${code}: `), option.title),
      h('p', { class: 'ballot-card-cost' }, euros(option.cost)),
      ...(this.ballot.rules.open ? [this.actsOf(code), h('p', { class: 'ballot-note', 'data-remark': '' })] : []),
      h('div', { class: 'ballot-card-links' },
        h('a', { href: `#optie-${code}` }, t('ballotRead')),
        this.step(-1), this.step(1)),
      close,
    );
    this.card.hidden = false;
    this.element.classList.add('has-card');
    this.refresh();
    this.goTo(this.ballot.rules.map.drawings[code]!.bbox);
    if (focus) this.card.querySelector<HTMLElement>('h3')!.focus({ preventScroll: true });
    else announce(t('shownOnMap', { name: option.title }));
  }

  /** Brings a design into the part of the map that the card leaves free. */
  private goTo(box: Box): void {
    const room = this.element.clientHeight - this.card.offsetHeight - 44;
    const padding = { top: 70, left: 40, right: 70, bottom: room > 180 ? this.card.offsetHeight + 60 : 60 };
    this.map.fitBounds(box as LngLatBoundsLike, {
      padding, maxZoom: NEAR, bearing: this.map.getBearing(), duration: calm() ? 0 : 600, linear: true,
    });
  }

  private actsOf(code: string): HTMLElement {
    const made = this.acts.get(code) ?? controls(this.ballot, code, true);
    this.acts.set(code, made);
    return made;
  }

  /** The one before or after, in this voter's order. */
  private step(by: number): HTMLElement {
    const codes = this.ballot.rules.options.map((option) => option.code);
    const next = codes[(codes.indexOf(this.selected!) + by + codes.length) % codes.length]!;
    return button(t(by < 0 ? 'ballotPrevious' : 'ballotNext'), by < 0 ? 'i-terug' : 'i-pijl', () => this.select(next, true), 'tb');
  }

  private close(): void {
    const mark = this.selected ? this.marks.get(this.selected) : null;
    this.selected = null;
    this.card.hidden = true;
    this.element.classList.remove('has-card');
    this.refresh();
    // With many designs in sight the marks stand back: then the map itself takes the keyboard.
    (mark && !mark.hidden ? mark : this.map.getCanvas()).focus({ preventScroll: true });
  }

  /** "On the map" in the list. */
  private connectList(): void {
    for (const link of document.querySelectorAll<HTMLButtonElement>('[data-show-option]')) {
      link.hidden = false;
      link.addEventListener('click', () => {
        this.select(link.dataset.showOption!, false);
        this.element.scrollIntoView({ block: 'nearest', behavior: calm() ? 'auto' : 'smooth' });
      });
    }
  }
}
