/** "Als lijst": the same drawing as a table with the same actions, and the existing things near the cross. */
import type { Position } from 'geojson';
import { button, h } from '../core/dom';
import { centre, distance, offset } from '../core/geo';
import { number, t, type Key } from '../core/texts';
import type { Box } from '../map/base';
import type { Acts } from './acts';
import { verdictMark } from './verdict';
import type { Change } from './model';
import type { Shop, StreetThing } from './shop';

const REACH = 60;

export class List {
  readonly element = h('div', { class: 'list' });
  private readonly table = h('div', {});
  private readonly near = h('div', { class: 'list-near', 'aria-live': 'polite' });

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly middle: () => Position,
    private readonly show: (change: Change) => void,
    private readonly bearing: () => number,
  ) {
    const search = button(t('listNearbyLoad'), 'i-zoek', () => void this.loadNearby(), 'btn btn-2 btn-s', true);
    this.element.append(this.table, h('h3', {}, t('listNearby')), search, this.near);
  }

  update(): void {
    const { changes } = this.shop.store.state;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-act') : null;
    if (changes.length === 0) {
      this.table.replaceChildren(h('p', { class: 'empty list-empty' }, t('listEmpty')));
    } else {
      const heads: Key[] = ['colWhat', 'colAction', 'colSize', 'colVerdict', 'colDo'];
      this.table.replaceChildren(
        h(
          'table',
          { class: 'list-table' },
          h('caption', { class: 'vh' }, t('listTitle')),
          h('thead', {}, h('tr', {}, ...heads.map((key) => h('th', { scope: 'col' }, t(key))))),
          h('tbody', {}, ...changes.map((change, i) => this.row(change, i))),
        ),
      );
    }
    if (focused) this.element.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
  }

  private row(change: Change, index: number): HTMLElement {
    const name = this.shop.nameOf(change);
    const verdict = this.shop.verdictOf(change);
    const act = (what: string, label: string, symbol: string, run: () => void) => {
      const made = button(`${name}: ${label}`, symbol, run);
      made.dataset.act = `${change.key}-${what}`;
      return made;
    };
    const nudge = (label: Key, symbol: string, right: number, up: number) =>
      act(label, t(label, { n: 10 }), symbol, () => this.acts.nudge(change, right, up, this.bearing()));
    const movable = this.acts.canMove(change);
    return h(
      'tr',
      { 'data-change': change.key, id: `wijziging-${index}`, 'aria-selected': String(this.shop.store.state.selected === change.key) },
      h('th', { scope: 'row' }, button(name, null, () => this.acts.select(change.key), 'link-btn', true)),
      h('td', { 'data-label': t('colAction') }, t(`action${change.action.charAt(0).toUpperCase()}${change.action.slice(1)}` as Key)),
      h('td', { 'data-label': t('colSize') }, this.shop.sizeOf(change) || '–'),
      h('td', { 'data-label': t('colVerdict') }, verdict ? verdictMark(verdict) : '–'),
      h(
        'td',
        { class: 'list-acts' },
        h(
          'div',
          {},
          movable && nudge('nudgeLeft', 'i-terug', -0.1, 0),
          movable && nudge('nudgeUp', 'i-omhoog', 0, 0.1),
          movable && nudge('nudgeDown', 'i-omlaag', 0, -0.1),
          movable && nudge('nudgeRight', 'i-pijl', 0.1, 0),
          movable && act('turn', t('turnRight'), 'i-redo', () => this.acts.turn(change, 15)),
          act('show', t('showOnMap'), 'i-oog', () => this.show(change)),
          act('delete', t('deleteChange'), 'i-weg', () => this.acts.remove(change)),
        ),
      ),
    );
  }

  private async loadNearby(): Promise<void> {
    const at = this.middle();
    const [west, south] = offset(at, -REACH, -REACH);
    const [east, north] = offset(at, REACH, REACH);
    this.near.replaceChildren(h('p', { class: 'muted' }, t('searchBusy')));
    try {
      const found = await this.shop.nearby([west, south, east, north] as Box);
      const away = (thing: StreetThing) => distance(at, centre(thing.geometry));
      const sorted = found.filter((thing) => this.shop.inside({ type: 'Point', coordinates: centre(thing.geometry) })).sort((a, b) => away(a) - away(b));
      const items = sorted.slice(0, 40).map((thing) => this.thing(thing, away(thing)));
      this.near.replaceChildren(items.length ? h('ul', {}, ...items) : h('p', {}, t('listNearbyNone')));
    } catch {
      this.near.replaceChildren(h('p', { role: 'alert' }, t('listNearbyFailed')));
    }
  }

  private thing(thing: StreetThing, away: number): HTMLElement {
    const name = this.shop.thingName(thing);
    const act = (label: Key, run: () => void) => {
      const made = button(t(label), null, run, 'btn btn-2 btn-s', true);
      made.setAttribute('aria-label', `${name}: ${t(label)}`);
      return made;
    };
    return h(
      'li',
      { 'data-thing': String(thing.id) },
      h('span', {}, h('strong', {}, name), ' ', h('span', { class: 'muted' }, t('distanceAway', { n: number(away) }))),
      h('span', { class: 'list-acts' }, act('removeIt', () => this.acts.thing('remove', thing)), act('keepIt', () => this.acts.thing('keep', thing)), act('moveIt', () => this.acts.setTool({ type: 'move', thing }))),
    );
  }
}
