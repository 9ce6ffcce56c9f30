/** "Wat betekent dit?": cost as a range with the share that has a source, and what changes, before and after. */
import { h, icon } from '../core/dom';
import { euros, number, t, type Key } from '../core/texts';
import type { Effect } from './checker';
import { Figures } from './figures';
import type { Change, Verdict } from './model';
import { VERDICT_CLASS, checksOf, reasons, sourceLine, unknown, verdictMark } from './verdict';
import type { Acts } from './acts';
import type { Shop } from './shop';

const FACTS: [Key, string][] = [
  ['parking_places', 'i-parkeren'],
  ['trees', 'i-boom'],
  ['green_m2', 'i-plantenbak'],
  ['bike_places', 'i-fietsenrek'],
  ['permeable_m2', 'i-wadi'],
  ['seats', 'i-bank'],
];

export class Effects {
  readonly element = h('div', { class: 'con', 'aria-busy': 'false' });
  private readonly figures: Figures;

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
  ) {
    this.figures = new Figures(shop.checker);
  }

  update(): void {
    const { checker, store } = this.shop;
    this.element.setAttribute('aria-busy', String(checker.freshness === 'waiting'));
    this.element.dataset.freshness = checker.freshness;
    const effects = checker.answer?.effects;
    if (store.state.changes.length === 0) {
      this.element.replaceChildren(h('p', { class: 'empty con-empty' }, t('effectsEmpty')));
    } else if (!effects) {
      const words = checker.freshness === 'failed' ? t('effectsFailed') : t('calculating');
      this.element.replaceChildren(h('p', { class: 'muted' }, words));
    } else {
      this.figures.update(effects);
      const parts = [this.age(), this.cost(effects.cost_eur), this.facts(effects), this.limits(), this.verdicts()];
      // What can be opened stays in the page, so that it stays open and keeps the keyboard's place.
      if (this.figures.element.parentElement !== this.element) this.element.replaceChildren(this.figures.element);
      while (this.figures.element.previousSibling) this.figures.element.previousSibling.remove();
      this.figures.element.before(...parts);
    }
  }

  private age(): HTMLElement {
    const words = { waiting: t('calculating'), stale: t('aWhileAgo'), fresh: '', empty: '', failed: '' }[this.shop.checker.freshness];
    return h('p', { class: 'con-age muted xs', hidden: !words }, words);
  }

  private cost(cost: Effect | undefined): HTMLElement {
    const low = cost?.low ?? cost?.after ?? null;
    const high = cost?.high ?? cost?.after ?? null;
    const none = low === null || high === null || high === 0;
    return h(
      'div',
      { class: 'con-cost' },
      h('p', { class: 'l' }, t('cost')),
      h('p', { class: 'num' }, none ? t('costNone') : range(low, high)),
      ...(none ? [] : (cost?.notes ?? []).map((note) => h('p', { class: 'muted xs' }, note))),
    );
  }

  private facts(effects: Record<string, Effect>): HTMLElement {
    return h('div', { class: 'con-facts' }, ...FACTS.flatMap(([key, symbol]) => (effects[key] ? [fact(key, symbol, effects[key])] : [])));
  }

  /** The limits of the brief: what goes over one can be kept, and not handed in. */
  private limits(): HTMLElement {
    const limits = this.shop.checker.answer?.limits ?? [];
    const items = limits.map((limit) => h('li', { 'data-limit': limit.limit, 'data-verdict': limit.verdict }, h('div', { class: 'con-need' }, verdictMark(limit.verdict), h('p', {}, limit.message))));
    return h('div', { class: 'con-checks con-limits', hidden: !items.length }, h('h3', {}, t('limitsTitle')), h('ul', {}, ...items));
  }

  /** What needs attention one by one, most serious first; what fits together in one line. */
  private verdicts(): HTMLElement {
    const { state } = this.shop.store;
    const n = state.changes.length;
    const by = (verdict: Verdict) => state.changes.filter((change) => this.shop.verdictOf(change) === verdict);
    const attention = [...by('conflict'), ...by('conditional')];
    const open = by('unchecked');
    const fits = by('fits');
    const items = [
      ...attention.map((change) => this.needing(change)),
      ...(open.length ? [this.together('unchecked', open, unknown(open.flatMap((change) => checksOf(this.shop, change))))] : []),
      ...(fits.length ? [this.together('fits', fits, t('noObjection'))] : []),
    ];
    const summary = attention.length ? h('p', { class: 'muted' }, counted(fits.length, attention.length, open.length)) : null;
    return h('div', { class: 'con-checks' }, h('h3', {}, n === 1 ? t('checkedOne') : t('checkedCount', { n })), summary, h('ul', {}, ...items));
  }

  private link(change: Change): HTMLElement {
    return h('button', { type: 'button', class: 'link-btn', onclick: () => this.acts.select(change.key) }, this.shop.nameOf(change));
  }

  private needing(change: Change): HTMLElement {
    const verdict = this.shop.verdictOf(change) ?? 'unchecked';
    const found = reasons(checksOf(this.shop, change), verdict);
    return h(
      'li', { 'data-verdict': verdict },
      h('div', { class: 'con-need' }, verdictMark(verdict, ''), h('p', {}, this.link(change), ': ', h('b', { class: `v-word v-${VERDICT_CLASS[verdict]}` }, t(`v_${verdict}`)))),
      found[0] ? h('p', {}, found[0].message) : null,
      sourceLine(found.slice(0, 1)),
    );
  }

  private together(verdict: Verdict, changes: Change[], words: string): HTMLElement {
    return h('li', { 'data-verdict': verdict }, verdictMark(verdict), h('p', {}, words), h('p', { class: 'check-names' }, ...changes.map((change) => this.link(change))));
  }
}

/** `2 kunnen, 1 vraagt aandacht, 3 niet gecontroleerd.`: what was not checked does not count as possible. */
export function counted(fits: number, attention: number, open: number): string {
  const told = [
    fits === 1 ? t('fitOne') : fits ? t('fitSome', { n: fits }) : '',
    attention === 1 ? t('attentionOne') : attention ? t('attentionSome', { n: attention }) : '',
    open ? t('openSome', { n: open }) : '',
  ];
  return `${told.filter(Boolean).join(', ')}.`;
}

/** Two significant digits or so: an estimate should not look like an invoice. */
export function rough(value: number): number {
  if (Math.abs(value) < 100) return Math.round(value);
  const step = 10 ** Math.max(1, Math.floor(Math.log10(Math.abs(value))) - 1);
  return Math.round(value / step) * step;
}

function range(low: number, high: number): string {
  const [from, to] = [euros(rough(low)), euros(rough(high))];
  return from === to ? from : t('costRange', { low: from, high: to });
}

function fact(key: Key, symbol: string, effect: Effect): HTMLElement {
  const unit = effect.unit === 'm2' || effect.unit === 'm²' ? '\u00a0m²' : '';
  const before = effect.before ?? 0;
  const after = effect.after ?? 0;
  const change = Math.round((after - before) * 10) / 10;
  const words = change === 0 ? t('same') : t(change > 0 ? 'more' : 'fewer', { n: `${number(Math.abs(change), 1)}${unit}` });
  const source = effect.source === 'assumption' || effect.source === 'U' ? ` · ${t('assumption')}` : '';
  const figure = effect.before_known === false ? (change === 0 ? t('notKnownShort') : `+${number(change, 1)}${unit}`) : change === 0 ? `${number(after, 1)}${unit}` : `${number(before, 1)} → ${number(after, 1)}${unit}`;
  return h(
    'div',
    { 'data-effect': key, ...(effect.caveat ? { title: effect.caveat } : {}) },
    h('p', { class: 'l' }, icon(symbol, 20), t(key)),
    h('p', { class: 'n' }, figure),
    h('p', { class: 'd' }, words + source),
  );
}

/** Four figures for the phone's card. */
export function shortFigures(shop: Shop): HTMLElement | null {
  const effects = shop.checker.answer?.effects;
  if (!effects) return null;
  const parts: [Key, string][] = [['trees', ''], ['green_m2', ' m²'], ['parking_places', '']];
  const figures = parts.flatMap(([key, unit]) =>
    effects[key] ? [h('span', {}, h('b', {}, `${number(effects[key].after ?? 0)}${unit}`), t(key).toLowerCase())] : [],
  );
  return h('div', { class: 'kpis' }, ...figures);
}
