/**
 * Shifting, turning and sizing without dragging: steps of 1, 10 or 50 centimetres, exact degrees, exact metres.
 * The same piece stands on the card and in the list.
 */
import { button, h } from '../core/dom';
import { number, t, type Key } from '../core/texts';
import type { Acts } from './acts';
import { dimensions, heading, type Change } from './model';
import type { Shop } from './shop';

/** Steps in metres. */
const STEPS = [0.01, 0.1, 0.5] as const;
const TURN = 15;
/** What a width or length may be, in metres; the server holds the same limits for widths. */
const METRES = { min: 0.1, max: 60 };

/** The step in hand, for buttons and for the arrow keys on the map. */
export const stride = { metres: 0.1 };

const centimetres = (metres: number): number => Math.round(metres * 100);

let count = 0;

export class Moves {
  readonly element = h('div', { class: 'moves', hidden: true });
  private key: string | null = null;
  private built = '';
  private readonly id = `maat-${++count}`;

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly bearing: () => number,
  ) {}

  /** What the buttons are about; null hides them. */
  show(change: Change | null): void {
    this.key = change?.key ?? null;
    this.element.hidden = change === null;
    const fields = change ? Object.keys(this.sizes(change)).join() : '';
    const wanted = change ? `${change.key}/${fields}` : '';
    if (wanted !== this.built) {
      this.built = wanted;
      this.element.replaceChildren(...(change ? this.build(change) : []));
    }
    if (change) this.refresh(change);
  }

  get shown(): boolean {
    return this.key !== null;
  }

  /** As it is now: a second press may come before the first one is drawn. */
  private get change(): Change | null {
    return this.shop.store.state.changes.find((change) => change.key === this.key) ?? null;
  }

  private sizes(change: Change): { width?: number; length?: number } {
    return dimensions(change, this.shop.kindOf(change));
  }

  private build(change: Change): HTMLElement[] {
    const sizes = this.sizes(change);
    return [
      h('div', { class: 'moves-line' }, this.arrows(), this.steps()),
      h(
        'div',
        { class: 'moves-line' },
        this.turns(),
        ...(['width', 'length'] as const).filter((side) => sizes[side] !== undefined).map((side) => this.metres(side)),
      ),
    ];
  }

  private arrows(): HTMLElement {
    const arrow = (name: string, symbol: string, right: number, up: number) => {
      const made = button('', symbol, () => this.change && this.acts.nudge(this.change, right * stride.metres, up * stride.metres, this.bearing()), 'tb');
      made.dataset.move = name;
      return made;
    };
    return h(
      'div', { class: 'tg', role: 'group', 'aria-label': t('shift') },
      arrow('left', 'i-terug', -1, 0), arrow('up', 'i-omhoog', 0, 1), arrow('down', 'i-omlaag', 0, -1), arrow('right', 'i-pijl', 1, 0),
    );
  }

  private steps(): HTMLElement {
    const step = (metres: number) => {
      const made = h('button', { type: 'button', class: 'tb', onclick: () => this.choose(metres) }, `${centimetres(metres)}`);
      made.dataset.step = String(metres);
      made.setAttribute('aria-label', t('stepOf', { n: centimetres(metres) }));
      return made;
    };
    return h('div', { class: 'tg moves-steps', role: 'group', 'aria-label': t('stepSize') }, ...STEPS.map(step), h('span', { 'aria-hidden': 'true' }, 'cm'));
  }

  private choose(metres: number): void {
    stride.metres = metres;
    if (this.change) this.refresh(this.change);
  }

  private turns(): HTMLElement {
    const field = this.field('degrees', t('degrees'), { min: '0', max: '359.9', step: '1' }, (value) => this.change && this.acts.headTo(this.change, value));
    return h(
      'div', { class: 'tg moves-turn', role: 'group', 'aria-label': t('turn') },
      button(t('turnLeft'), 'i-undo', () => this.change && this.acts.turn(this.change, -TURN)),
      field, h('span', { 'aria-hidden': 'true' }, '°'),
      button(t('turnRight'), 'i-redo', () => this.change && this.acts.turn(this.change, TURN)),
    );
  }

  private metres(side: 'width' | 'length'): HTMLElement {
    const label: Key = side === 'width' ? 'widthMetres' : 'lengthMetres';
    const field = this.field(side, t(label), { min: String(METRES.min), max: String(METRES.max), step: '0.05' }, (value) => this.change && this.acts.resize(this.change, { [side]: value }));
    return h('label', { class: 'moves-size' }, h('span', { 'aria-hidden': 'true' }, t(side === 'width' ? 'width' : 'length')), field, h('span', { 'aria-hidden': 'true' }, 'm'));
  }

  private field(name: string, label: string, limits: Record<string, string>, use: (value: number) => void): HTMLInputElement {
    const input = h('input', { type: 'number', inputmode: 'decimal', id: `${this.id}-${name}`, 'aria-label': label, 'data-field': name, ...limits });
    input.addEventListener('change', () => {
      const value = input.valueAsNumber;
      if (Number.isFinite(value) && value >= Number(limits.min) && value <= Number(limits.max)) use(value);
      if (this.change) this.refresh(this.change, true);
    });
    return input;
  }

  /** Brings names and figures up to date; what somebody is typing stays. */
  private refresh(change: Change, all = false): void {
    const n = number(centimetres(stride.metres));
    for (const arrow of this.element.querySelectorAll<HTMLElement>('[data-move]')) {
      const keys: Record<string, Key> = { left: 'nudgeLeft', right: 'nudgeRight', up: 'nudgeUp', down: 'nudgeDown' };
      const label = t(keys[arrow.dataset.move!]!, { n });
      arrow.setAttribute('aria-label', label);
      arrow.title = label;
    }
    for (const step of this.element.querySelectorAll<HTMLElement>('[data-step]')) {
      step.setAttribute('aria-pressed', String(Number(step.dataset.step) === stride.metres));
    }
    const values: Record<string, number | undefined> = { degrees: Math.round(heading(change) * 10) / 10, ...this.sizes(change) };
    for (const input of this.element.querySelectorAll<HTMLInputElement>('[data-field]')) {
      const value = values[input.dataset.field!];
      if (value !== undefined && (all || input !== document.activeElement)) input.value = String(Math.round(value * 100) / 100);
    }
  }
}
