/**
 * "Als lijst": a full second way to do everything. The drawing as a table with the same actions, a form to place things at an
 * address, and the existing things around a place. Rows stay in the page while figures come in, so focus and typing do too.
 */
import type { Position } from 'geojson';
import { announce, button, h } from '../core/dom';
import { centre, distance, offset } from '../core/geo';
import { number, t, type Key } from '../core/texts';
import type { Box } from '../map/base';
import { SearchBox } from '../map/search';
import type { Acts } from './acts';
import { AddressForm } from './addressForm';
import type { Change } from './model';
import { Moves } from './moves';
import type { Shop, StreetThing } from './shop';
import { verdictMark } from './verdict';

/** How far around a place to look for existing things, in metres, and how many to show. */
const REACH = 60;
const MOST = 40;

export interface ListOptions {
  shop: Shop;
  acts: Acts;
  middle: () => Position;
  bearing: () => number;
  /** Leaves the list and shows a change on the map. */
  show: (change: Change) => void;
  /** Does something without leaving the list for the card. */
  hold: (run: () => void) => void;
}

interface Row {
  element: HTMLTableRowElement;
  name: HTMLButtonElement;
  action: HTMLElement;
  size: HTMLElement;
  verdict: HTMLElement;
  buttons: { element: HTMLButtonElement; label: Key }[];
  shown: string;
}

export class List {
  readonly element = h('div', { class: 'list' });
  private readonly rows = new Map<string, Row>();
  private readonly body = h('tbody', {});
  private readonly table: HTMLElement;
  private readonly empty = h('p', { class: 'empty list-empty' }, t('listEmpty'));
  private readonly near = h('div', { class: 'list-near' });
  private readonly moves: Moves;
  /** The row under a change that is being adjusted. */
  private readonly adjusting: HTMLTableRowElement;
  private adjusted: string | null = null;
  /** On wide screens the list lies over the tools. */
  private readonly undo = button(t('undo'), 'i-undo', () => this.options.acts.undo(), 'btn btn-2 btn-s', true);
  private readonly redo = button(t('redo'), 'i-redo', () => this.options.acts.redo(), 'btn btn-2 btn-s', true);
  private readonly form: AddressForm;
  private readonly adding: HTMLDetailsElement;
  private catalogue = false;

  constructor(private readonly options: ListOptions) {
    const { shop, acts, bearing, hold } = options;
    this.moves = new Moves(shop, acts, bearing);
    this.adjusting = h('tr', { class: 'list-adjust', hidden: true }, h('td', { colspan: '5' }, this.moves.element, h('div', { class: 'list-more' },
      button(t('toAddress'), 'i-adres', () => this.toAddress(), 'btn btn-2 btn-s', true),
      button(t('duplicate'), 'i-plus', () => hold(() => this.change && acts.duplicate(this.change)), 'btn btn-2 btn-s', true),
    )));
    const heads: Key[] = ['colWhat', 'colAction', 'colSize', 'colVerdict', 'colDo'];
    this.table = h(
      'table',
      { class: 'list-table' },
      h('caption', { class: 'vh' }, t('listTitle')),
      h('thead', {}, h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, t(key))))),
      this.body,
    );
    this.form = new AddressForm({ shop, acts, hold, preview: () => undefined });
    this.adding = h('details', { class: 'list-add' }, h('summary', {}, t('listAdd')), this.form.element);
    const search = button(t('listNearbyLoad'), 'i-zoek', () => void this.loadNearby(options.middle(), t('listNearbyCross')), 'btn btn-2 btn-s', true);
    const address = new SearchBox({
      api: shop.api, neighbourhood: shop.settings.neighbourhood, label: t('listNearbyAddress'),
      onChoose: (place) => void this.loadNearby(place.geometry.coordinates, place.properties.label),
    });
    this.element.append(
      h('div', { class: 'list-history' }, this.undo, this.redo),
      this.empty, this.table, this.adding, h('h3', {}, t('listNearby')),
      h('div', { class: 'list-search' }, search, h('div', { class: 'field adr-search' }, h('span', { class: 'l', 'aria-hidden': 'true' }, t('listNearbyAddress')), address.element)),
      this.near,
    );
  }

  private get change(): Change | undefined {
    return this.options.shop.store.state.changes.find((change) => change.key === this.adjusted);
  }

  update(): void {
    const { shop } = this.options;
    const { changes, selected } = shop.store.state;
    if (!this.catalogue && shop.catalogue) {
      this.catalogue = true;
      this.form.show(shop.catalogue);
    }
    const { past, future } = shop.store.state;
    this.undo.setAttribute('aria-disabled', String(past.length === 0));
    this.redo.setAttribute('aria-disabled', String(future.length === 0));
    this.empty.hidden = changes.length > 0;
    this.table.hidden = changes.length === 0;
    const present = new Set(changes.map((change) => change.key));
    let lost: Element | null = null;
    for (const [key, row] of this.rows) {
      if (present.has(key)) continue;
      if (row.element.contains(document.activeElement)) lost = row.element.nextElementSibling ?? row.element.previousElementSibling;
      row.element.remove();
      this.rows.delete(key);
    }
    changes.forEach((change, index) => {
      const row = this.rows.get(change.key) ?? this.make(change);
      this.refresh(row, change, index, selected === change.key);
      const before = index === 0 ? null : this.rows.get(changes[index - 1]!.key)!.element;
      const after = before?.nextElementSibling === this.adjusting ? this.adjusting : before;
      const there = after ? after.nextElementSibling : this.body.firstElementChild;
      if (there !== row.element) this.body.insertBefore(row.element, there);
    });
    this.adjust();
    // The row that had the keyboard is gone: on with the next one.
    (lost as Element | null)?.querySelector<HTMLElement>('button')?.focus();
  }

  // --- rows ------------------------------------------------------------------------------------------------------

  private make(change: Change): Row {
    const { acts, show, hold } = this.options;
    const { key } = change;
    const now = () => this.options.shop.store.state.changes.find((one) => one.key === key);
    const act = (what: string, label: Key, symbol: string, run: (change: Change) => void) => {
      const element = button(t(label), symbol, () => {
        const found = now();
        if (found) run(found);
      });
      element.dataset.act = `${key}-${what}`;
      return { element, label };
    };
    const name = button('', null, () => acts.select(key), 'link-btn', true);
    name.dataset.act = `${key}-select`;
    const adjust = act('adjust', 'adjust', 'i-schuif', () => this.toggle(key));
    const buttons = [
      ...(acts.canMove(change) ? [adjust] : []),
      act('show', 'showOnMap', 'i-oog', (found) => show(found)),
      act('delete', 'deleteChange', 'i-weg', (found) => hold(() => acts.remove(found))),
    ];
    const action = h('td', { 'data-label': t('colAction') });
    const size = h('td', { 'data-label': t('colSize') });
    const verdict = h('td', { 'data-label': t('colVerdict') });
    const element = h(
      'tr',
      { 'data-change': key },
      h('th', { scope: 'row' }, name), action, size, verdict,
      h('td', { class: 'list-acts' }, h('div', {}, ...buttons.map((one) => one.element))),
    );
    const row: Row = { element, name, action, size, verdict, buttons, shown: '' };
    this.rows.set(key, row);
    return row;
  }

  private refresh(row: Row, change: Change, index: number, selected: boolean): void {
    const { shop } = this.options;
    const [name, size, verdict] = [shop.nameOf(change), shop.sizeOf(change) || '–', shop.verdictOf(change)];
    row.element.id = `wijziging-${index}`;
    row.element.setAttribute('aria-selected', String(selected));
    for (const { element, label } of row.buttons) if (label === 'adjust') element.setAttribute('aria-expanded', String(this.adjusted === change.key));
    const shown = [name, change.action, size, verdict].join('\n');
    if (shown === row.shown) return;
    row.shown = shown;
    row.name.textContent = name;
    row.action.textContent = t(`action${change.action.charAt(0).toUpperCase()}${change.action.slice(1)}` as Key);
    row.size.textContent = size;
    row.verdict.replaceChildren(verdict ? verdictMark(verdict) : '–');
    for (const { element, label } of row.buttons) {
      element.setAttribute('aria-label', `${name}: ${t(label)}`);
      element.title = `${name}: ${t(label)}`;
    }
  }

  private toggle(key: string): void {
    this.adjusted = this.adjusted === key ? null : key;
    this.update();
    if (this.adjusted) this.moves.element.querySelector<HTMLElement>('button')?.focus();
  }

  /** Shifting, turning and sizing, under the row they are about. */
  private adjust(): void {
    const { change } = this;
    const row = change && this.rows.get(change.key);
    this.adjusting.hidden = !row;
    this.moves.show(row && this.options.acts.canMove(change) ? change : null);
    if (row && row.element.nextElementSibling !== this.adjusting) row.element.after(this.adjusting);
    if (!row) this.adjusted = null;
  }

  private toAddress(): void {
    if (!this.change) return;
    this.adding.open = true;
    this.form.about(this.change);
    this.form.element.querySelector<HTMLElement>('input[role="combobox"]')?.focus();
  }

  // --- what is there now ------------------------------------------------------------------------------------------

  private async loadNearby(at: Position, place: string): Promise<void> {
    const { shop } = this.options;
    const [west, south] = offset(at, -REACH, -REACH);
    const [east, north] = offset(at, REACH, REACH);
    this.near.replaceChildren(h('p', { class: 'muted' }, t('searchBusy')));
    try {
      const found = await shop.nearby([west, south, east, north] as Box);
      const away = (thing: StreetThing) => distance(at, centre(thing.geometry));
      const sorted = found.filter((thing) => shop.inside({ type: 'Point', coordinates: centre(thing.geometry) })).sort((a, b) => away(a) - away(b));
      const items = sorted.slice(0, MOST).map((thing) => this.thing(thing, away(thing)));
      this.near.replaceChildren(...(items.length ? [h('p', { class: 'muted' }, t('listNearbyAt', { place })), h('ul', {}, ...items)] : [h('p', {}, t('listNearbyNone'))]));
      announce(items.length ? t(items.length === 1 ? 'listNearbyOne' : 'listNearbyFound', { n: items.length, place }) : t('listNearbyNone'));
    } catch {
      this.near.replaceChildren(h('p', { role: 'alert' }, t('listNearbyFailed')));
    }
  }

  private thing(thing: StreetThing, away: number): HTMLElement {
    const { shop, acts, hold } = this.options;
    const name = shop.thingName(thing);
    const act = (label: Key, run: () => void) => {
      const made = button(t(label), null, run, 'btn btn-2 btn-s', true);
      made.setAttribute('aria-label', `${name}: ${t(label)}`);
      return made;
    };
    return h(
      'li',
      { 'data-thing': String(thing.id) },
      h('span', {}, h('strong', {}, name), ' ', h('span', { class: 'muted' }, t('distanceAway', { n: number(away) }))),
      h(
        'span',
        { class: 'list-acts' },
        act('removeIt', () => hold(() => acts.thing('remove', thing))),
        act('replaceIt', () => acts.setTool({ type: 'replace', thing })),
        act('moveIt', () => this.move(thing)),
        act('keepIt', () => hold(() => acts.thing('keep', thing))),
      ),
    );
  }

  /** Begins where the thing stands now: the row's steps, figures and address move it from there. */
  private move(thing: StreetThing): void {
    this.options.hold(() => this.options.acts.thing('move', thing));
    const change = this.options.shop.store.state.changes.find((one) => String(one.object) === String(thing.id));
    if (change?.action !== 'move') return;
    this.adjusted = null;
    this.toggle(change.key);
  }
}
