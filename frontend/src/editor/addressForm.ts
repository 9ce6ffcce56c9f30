/**
 * "Straat en nummer, kant van de straat": places an element, or moves one, without pointing at the map. Says in words where
 * it would come before it does. Stands as a panel beside the map and once more in the list.
 */
import type { Geometry, Position } from 'geojson';
import { debounce, h } from '../core/dom';
import { centre, difference, translated } from '../core/geo';
import { number, t, type Key } from '../core/texts';
import { SearchBox, type Place } from '../map/search';
import { crossingAt, isOdd, pavementWidth, type Crossing, type From, type Side } from './address';
import type { Acts } from './acts';
import type { Catalogue, Change, ElementKind } from './model';
import { outcome, overTheRoad, type Outcome, type Wish } from './placing';
import { LONGEST_ROW, SPACING } from './rows';
import { PICKABLE, type Shop } from './shop';

export interface AddressFormOptions {
  shop: Shop;
  acts: Acts;
  /** Shows on the map what would come; an empty list takes it away. */
  preview: (bodies: Geometry[], at: Position | null) => void;
  /** Places without leaving for the card of what was placed. */
  hold: (run: () => void) => void;
}

/** How far around a house to fetch its street, in metres. */
const AROUND = 90;
const FIELDS: Record<string, { label: Key; value: number; min: number; max: number; step: number }> = {
  metres: { label: 'adrMetres', value: 0.5, min: 0, max: 30, step: 0.05 },
  shift: { label: 'adrShift', value: 0, min: -60, max: 60, step: 0.5 },
  length: { label: 'lengthMetres', value: 6, min: 0.5, max: 60, step: 0.5 },
  width: { label: 'widthMetres', value: 2, min: 0.3, max: 60, step: 0.1 },
  count: { label: 'adrCount', value: 1, min: 1, max: LONGEST_ROW, step: 1 },
  spacing: { label: 'spacing', value: 8, min: SPACING.min, max: SPACING.max, step: 0.1 },
};

let count = 0;

export class AddressForm {
  readonly element: HTMLFormElement;
  private readonly id = `adres-${++count}`;
  private readonly kinds: HTMLSelectElement;
  private readonly search: SearchBox;
  private readonly sides = h('div', { class: 'adr-sides' });
  private readonly from: HTMLSelectElement;
  private readonly fields = new Map<string, { input: HTMLInputElement; box: HTMLElement }>();
  private readonly across: HTMLElement;
  private readonly status = h('p', { class: 'adr-status', role: 'status' });
  private readonly send: HTMLButtonElement;
  private readonly heading = h('p', { class: 'adr-about', hidden: true });
  private place: Place | null = null;
  private crossing: Crossing | null = null;
  private side: Side = 'here';
  /** The change that moves to the address; null: something new comes there. */
  private subject: Change | null = null;
  private readonly tellSoon = debounce(250, () => this.tell());

  constructor(private readonly options: AddressFormOptions) {
    const { shop } = options;
    this.kinds = h('select', { id: `${this.id}-kind`, onchange: () => this.kindChosen() });
    this.search = new SearchBox({
      api: shop.api, neighbourhood: shop.settings.neighbourhood, label: t('adrAddress'), onChoose: (place) => void this.chosen(place),
    });
    this.from = h('select', { id: `${this.id}-from`, onchange: () => this.tell() },
      ...(['facade', 'kerb', 'road'] as const).map((from) => h('option', { value: from }, t(`adrFrom_${from}`))));
    for (const name of Object.keys(FIELDS)) this.fields.set(name, this.field(name));
    const box = (name: string) => this.fields.get(name)!.box;
    this.across = h(
      'div',
      { class: 'adr-across' },
      h('fieldset', { class: 'fieldset' }, h('legend', { class: 'l' }, t('adrSide')), this.sides),
      h('div', { class: 'adr-pair' }, this.labelled(this.from, 'adrFrom'), box('metres')),
    );
    this.send = h('button', { type: 'submit', class: 'btn btn-1' }, t('adrPlace'));
    this.element = h(
      'form',
      { class: 'adr', novalidate: true },
      this.heading,
      this.labelled(this.kinds, 'adrKind'),
      h('div', { class: 'field adr-search' }, h('span', { class: 'l', 'aria-hidden': 'true' }, t('adrAddress')), this.search.element),
      this.across,
      box('shift'),
      h('div', { class: 'adr-pair' }, box('length'), box('width')),
      h('div', { class: 'adr-pair' }, box('count'), box('spacing')),
      h('div', { class: 'adr-end' }, this.status, this.send),
    );
    this.element.addEventListener('submit', (event) => {
      event.preventDefault();
      this.submit();
    });
    this.fillSides();
    this.arrange();
    this.tell();
  }

  private labelled(control: HTMLElement, label: Key): HTMLElement {
    return h('div', { class: 'field', 'data-for': label }, h('label', { class: 'l', for: control.id }, t(label)), control);
  }

  private field(name: string): { input: HTMLInputElement; box: HTMLElement } {
    const { label, value, min, max, step } = FIELDS[name]!;
    const input = h('input', {
      type: 'number', inputmode: 'decimal', id: `${this.id}-${name}`, name, min: String(min), max: String(max), step: String(step), value: String(value),
      oninput: () => (name === 'count' && this.arrange(), this.tellSoon()),
    });
    return { input, box: h('div', { class: 'field' }, h('label', { class: 'l', for: input.id }, t(label)), input) };
  }

  // --- what it is about ---------------------------------------------------------------------------------------

  show(catalogue: Catalogue): void {
    const { shop } = this.options;
    const groups = catalogue.groups.flatMap((group) => {
      const kinds = catalogue.elements.filter((kind) => kind.group === group.id && kind.geometry.length > 0 && !(kind.applies_to && PICKABLE.includes(kind.applies_to)));
      const option = (kind: ElementKind) =>
        h('option', { value: kind.id, disabled: !shop.allows(kind) }, shop.allows(kind) ? kind.name : `${kind.name} (${t('notHere')})`);
      return kinds.length ? [h('optgroup', { label: group.name }, ...kinds.map(option))] : [];
    });
    const chosen = this.kinds.value;
    this.kinds.replaceChildren(h('option', { value: '' }, t('adrChoose')), ...groups);
    this.kinds.value = chosen;
  }

  /** Takes over what is in hand. */
  choose(kind: ElementKind | null): void {
    if (kind) this.kinds.value = kind.id;
    this.about(null);
    if (kind) this.kindChosen();
  }

  /** Moves an existing change of the drawing instead of adding one. */
  about(change: Change | null): void {
    this.subject = change;
    this.heading.hidden = change === null;
    this.heading.textContent = change ? t('adrMove', { name: this.options.shop.nameOf(change) }) : '';
    this.send.textContent = t(change ? 'adrMoveThere' : 'adrPlace');
    this.arrange();
    this.tell();
  }

  private get kind(): ElementKind | undefined {
    return this.subject ? this.options.shop.kindOf(this.subject) : this.options.shop.kinds.get(this.kinds.value);
  }

  private kindChosen(): void {
    const { kind } = this;
    if (kind) {
      this.set('spacing', this.options.shop.spacingOf(kind));
      if (kind.width_m) this.set('width', kind.width_m);
      if (kind.length_m) this.set('length', kind.length_m);
      this.from.value = kind.group === 'parking' ? 'road' : kind.id.startsWith('tree') || kind.group === 'utility' ? 'kerb' : 'facade';
      this.set('metres', kind.group === 'parking' || kind.id === 'facade_garden' ? 0 : 0.5);
    }
    this.arrange();
    this.tell();
  }

  private set(name: string, value: number): void {
    this.fields.get(name)!.input.value = String(value);
  }

  /** Only the fields that mean something to the kind. */
  private arrange(): void {
    const { kind } = this;
    const tool = kind && !this.subject ? this.options.shop.toolFor(kind) : null;
    const way = tool?.type === 'place' ? tool.way : null;
    const over = kind !== undefined && overTheRoad(kind) && !this.subject;
    const visible: Record<string, boolean> = {
      metres: true, shift: true, length: (way === 'line' || way === 'area') && !over, width: way === 'area' && !over, count: way === 'point',
      spacing: way === 'point' && this.value('count') > 1,
    };
    for (const [name, { box }] of this.fields) box.hidden = !visible[name];
    this.across.hidden = over;
    this.element.querySelector<HTMLElement>('[data-for="adrKind"]')!.hidden = this.subject !== null;
  }

  private value(name: string): number {
    const { input } = this.fields.get(name)!;
    const { min, max, value } = FIELDS[name]!;
    const given = input.valueAsNumber;
    return Number.isFinite(given) ? Math.min(max, Math.max(min, given)) : value;
  }

  private wish(): Wish {
    const of = (name: string) => this.value(name);
    return {
      side: this.side, from: this.from.value as From, metres: of('metres'), shift: of('shift'), length: of('length'), width: of('width'),
      count: Math.round(of('count')), spacing: of('spacing'),
    };
  }

  // --- the address ---------------------------------------------------------------------------------------------

  private async chosen(place: Place): Promise<void> {
    this.place = place;
    this.crossing = null;
    const { street } = this.options.shop;
    if (place.properties.kind === 'address') {
      this.say(t('searchBusy'));
      await street.load(place.geometry.coordinates, AROUND);
      if (this.place !== place) return;
      const patches = street.patches(this.options.shop.store.state.changes, (change) => this.options.shop.kindOf(change));
      this.crossing = crossingAt(street.local(place.geometry.coordinates), place.properties.street ?? null, patches);
    }
    this.fillSides();
    this.tell();
  }

  private fillSides(): void {
    const odd = isOdd(this.place?.properties.house_number);
    const words: Record<Side, string> = {
      here: odd === null ? t('adrHere') : t(odd ? 'adrHereOdd' : 'adrHereEven', { number: this.place!.properties.house_number! }),
      there: odd === null ? t('adrThere') : t(odd ? 'adrThereEven' : 'adrThereOdd'),
    };
    const radio = (side: Side) =>
      h('label', { class: 'opt' }, h('input', { type: 'radio', name: `${this.id}-side`, value: side, checked: side === this.side, onchange: () => ((this.side = side), this.tell()) }), words[side]);
    this.sides.replaceChildren(radio('here'), radio('there'));
  }

  // --- what would come ------------------------------------------------------------------------------------------

  /** Null with a sentence on the screen while something is missing. */
  private result(): { kind: ElementKind | undefined; found: Exclude<Outcome, string> } | null {
    const { shop } = this.options;
    const { kind } = this;
    if (!kind && !this.subject) return this.say(t('adrNeedKind'));
    if (!this.place) return this.say(t('adrNeedAddress'));
    if (this.place.properties.kind !== 'address') return this.say(t('adrNeedNumber', { street: this.place.properties.label }));
    if (!this.crossing) return this.say(t('adrNoStreet'));
    const wanted = this.subject ? { ...this.wish(), count: 1 } : this.wish();
    const as = this.subject || !kind ? THING : kind;
    const tool = this.subject || !kind ? ({ type: 'place', kind: THING, way: 'point' } as const) : shop.toolFor(kind);
    const found = outcome({ ...as, width_m: kind?.width_m ?? as.width_m }, tool, this.crossing, wanted, (local) => shop.street.position(local));
    if (typeof found === 'string') return this.say(t(found === 'noFacade' ? 'adrNoFacade' : 'adrNoKerb'));
    if (!shop.inside({ type: 'Point', coordinates: found.at })) return this.say(t('outside'));
    return { kind, found };
  }

  private say(sentence: string): null {
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
    return null;
  }

  /** Says and shows where it would come. */
  private tell(): void {
    const result = this.result();
    const { shop, preview } = this.options;
    this.send.setAttribute('aria-disabled', String(!result));
    if (!result) return preview([], null);
    const { found, kind } = result;
    const bodies = this.subject
      ? [this.moved(this.subject, found.at)]
      : (found.row ?? [{ at: found.at, rotation: found.rotation }]).flatMap((spot) =>
          shop.ground({ key: '', action: 'add', kind: kind!.id, object: null, objectKind: null, width: null, rotation: spot.rotation, geometry: found.geometry.type === 'Point' ? { type: 'Point', coordinates: spot.at } : found.geometry }),
        );
    preview(bodies, found.at);
    this.say(this.sentence(kind, found));
  }

  private sentence(kind: ElementKind | undefined, found: Exclude<Outcome, string>): string {
    const wish = this.wish();
    const name = this.subject ? this.options.shop.nameOf(this.subject) : kind!.name;
    const many = found.row ? t('adrRow', { n: found.row.length, name }) : name;
    if (kind && overTheRoad(kind) && !this.subject) return t('adrOver', { name, address: this.place!.properties.label });
    const where = t(`adrAt_${wish.from}`, { name: many, n: number(wish.metres, 2), address: this.place!.properties.label, side: t(wish.side === 'here' ? 'adrThisSide' : 'adrOtherSide') });
    const width = pavementWidth(this.crossing!, this.side);
    return width === null ? where : `${where} ${t('adrPavement', { n: number(width, 2) })}`;
  }

  private moved(change: Change, at: Position): Geometry {
    return translated(change.geometry, ...difference(centre(change.geometry), at));
  }

  private submit(): void {
    const result = this.result();
    if (!result) return void this.firstMissing()?.focus();
    const { acts, preview, hold } = this.options;
    const { found, kind } = result;
    let done = false;
    hold(() => {
      if (this.subject) done = acts.reshape(this.subject, this.moved(this.subject, found.at));
      else if (found.row) done = acts.placeRow(kind!, found.row);
      else done = acts.place(kind!, found.geometry, found.rotation);
    });
    if (!done) return;
    preview([], null);
    if (this.subject) this.about(null);
  }

  private firstMissing(): HTMLElement | null {
    if (!this.kind && !this.subject) return this.kinds;
    return this.crossing ? this.fields.get('metres')!.input : this.search.input;
  }
}

/** What is moved keeps its own shape: only its middle counts. */
const THING: ElementKind = { id: '', name: '', group: '', geometry: ['point'], applies_to: null, becomes: null, width_m: 0, length_m: null, icon: null };
