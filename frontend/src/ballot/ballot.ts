/**
 * The ballot: one form, filled in on the map or in the list. The form's own fields are the truth, so that both always
 * say the same and a browser without this file can vote too.
 */
import { announce, button, config, h, icon } from '../core/dom';
import { euros, number, t } from '../core/texts';
import { keep, kept } from './keep';
import { against, clashes, give, isRanking, known, listed, move, put, sum, toggle, tooDear, type Chosen, type Rules } from './model';
import type { BallotMapConfig } from './map';

export interface BallotConfig extends Rules {
  round: string;
  /** Whether ballots can be cast now; else the map only shows. */
  open: boolean;
  map: BallotMapConfig;
}

type Listener = () => void;

/** What the map and the list share. */
export class Ballot {
  private chosen: Chosen;
  private readonly listeners: Listener[] = [];

  constructor(
    private readonly form: HTMLElement,
    readonly rules: BallotConfig,
  ) {
    this.chosen = this.read();
  }

  onChange(listener: Listener): void {
    this.listeners.push(listener);
    listener();
  }

  number(code: string): number {
    return this.chosen[code] ?? 0;
  }

  get list(): string[] {
    return listed(this.rules, this.chosen);
  }

  get all(): Chosen {
    return this.chosen;
  }

  toggle(code: string): void {
    this.set(toggle(this.rules, this.chosen, code));
  }

  move(code: string, by: number): void {
    this.set(move(this.rules, this.chosen, code, by));
  }

  put(code: string, place: number): void {
    this.set(put(this.rules, this.chosen, code, place));
  }

  give(code: string, points: number): void {
    this.set(give(this.chosen, code, Math.min(points, this.rules.points)));
  }

  set(chosen: Chosen): void {
    this.chosen = chosen;
    this.write();
    keep(this.rules.round, chosen);
    this.listeners.forEach((listener) => listener());
  }

  field(code: string): HTMLInputElement | HTMLSelectElement | null {
    return this.form.querySelector(`[data-field="${code}"]`);
  }

  private read(): Chosen {
    const found: Chosen = {};
    for (const { code } of this.rules.options) {
      const field = this.field(code);
      if (!field) continue;
      const value = field instanceof HTMLInputElement && field.type === 'checkbox' ? Number(field.checked) : Number(field.value || 0);
      if (Number.isInteger(value) && value > 0) found[code] = value;
    }
    return found;
  }

  private write(): void {
    for (const { code } of this.rules.options) {
      const field = this.field(code);
      if (!field) continue;
      const value = this.chosen[code] ?? 0;
      if (field instanceof HTMLInputElement && field.type === 'checkbox') field.checked = value > 0;
      else if (field instanceof HTMLSelectElement) field.value = String(value);
      else if (Number(field.value || 0) !== value) field.value = value ? String(value) : '';
    }
  }

  /** Somebody typed or ticked in a field of the form. */
  typed(code: string): void {
    const field = this.field(code);
    if (!field) return;
    if (isRanking(this.rules)) this.put(code, Number(field.value));
    else if (this.rules.kind === 'points') this.give(code, Math.max(0, Math.floor(Number(field.value) || 0)));
    else if (((field as HTMLInputElement).checked ? 1 : 0) !== this.number(code)) this.toggle(code);
  }

  /** What the tab kept of an earlier visit; whether there was something. */
  restore(): boolean {
    if (this.list.length) return false;
    const chosen = known(this.rules, kept(this.rules.round));
    if (!Object.keys(chosen).length) return false;
    this.set(chosen);
    return true;
  }
}

export function start(element: HTMLElement): void {
  const rules = config<BallotConfig>(element);
  const ballot = new Ballot(element, rules);
  if (rules.open) {
    for (const { code } of rules.options) {
      ballot.field(code)?.addEventListener('change', () => ballot.typed(code));
      dressOption(element, ballot, code);
    }
    if (ballot.restore()) announce(t('ballotRestored'));
    const total = element.querySelector<HTMLElement>('[data-sum]');
    ballot.onChange(() => total && (total.textContent = sentence(ballot)));
  }
  const place = element.querySelector<HTMLElement>('[data-ballot-map]');
  if (place) void import('./map').then(({ show }) => show(place, ballot));
}

const titleOf = (ballot: Ballot, code: string): string => ballot.rules.options.find((option) => option.code === code)?.title ?? '';

/** Where somebody stands, in one sentence; read out after every change. */
export function sentence(ballot: Ballot): string {
  const { rules } = ballot;
  const { count, left, points, cost } = sum(rules, ballot.all);
  const parts: string[] = [];
  if (rules.kind === 'budget') {
    parts.push(left < 0 ? t('ballotOver', { cost: euros(cost), over: euros(-left) }) : t('ballotSpent', { cost: euros(cost), left: euros(left) }));
  } else if (rules.kind === 'points') {
    parts.push(left < 0 ? t('ballotPointsOver', { over: number(-left) }) : t('ballotPoints', { given: number(points), left: number(left) }));
  } else if (rules.kind === 'ranking') {
    parts.push(count ? t('ballotRanked', { list: ballot.list.map((code, index) => `${index + 1}. ${code}`).join(', ') }) : t('ballotRankNone'));
  } else {
    parts.push(count === 1 ? t('ballotOne') : t('ballotSome', { n: number(count) }));
  }
  if (count > rules.max) parts.push(t('ballotTooManyChosen', { max: number(rules.max) }));
  for (const [a, b] of clashes(rules, ballot.all)) parts.push(t('ballotClash', { a, b }));
  return parts.join(' ');
}

/** Buttons beside the field of one option, and a line that says what does not fit. */
function dressOption(form: HTMLElement, ballot: Ballot, code: string): void {
  const item = form.querySelector<HTMLElement>(`[data-option="${code}"]`);
  const pick = item?.querySelector<HTMLElement>('[data-pick]');
  const note = item?.querySelector<HTMLElement>('[data-note]');
  if (!item || !pick) return;
  pick.append(controls(ballot, code));
  ballot.onChange(() => {
    item.classList.toggle('is-chosen', ballot.number(code) > 0);
    if (note) note.textContent = remark(ballot, code);
  });
}

/** What an option says of the present choice; empty where there is nothing to say. */
export function remark(ballot: Ballot, code: string): string {
  const dear = tooDear(ballot.rules, ballot.all, code);
  const parts = dear > 0 ? [t('ballotTooDear', { over: euros(dear) })] : [];
  for (const other of against(ballot.rules, code)) {
    if (ballot.number(other)) parts.push(t(ballot.number(code) ? 'ballotBoth' : 'ballotAgainst', { other, title: titleOf(ballot, other) }));
  }
  return parts.join(' ');
}

/** The buttons of one option: the same beside the list and on the map. */
export function controls(ballot: Ballot, code: string, onMap = false): HTMLElement {
  const name = { code, title: titleOf(ballot, code) };
  const box = h('div', { class: 'ballot-acts' });
  const words = (shown: string, whole: string) => [shown, h('span', { class: 'vh' }, ` ${whole}`)] as const;
  if (ballot.rules.kind === 'ranking') {
    const up = button(t('ballotUp', name), 'i-omhoog', () => ballot.move(code, -1), 'btn btn-2 btn-s btn-icon');
    const down = button(t('ballotDown', name), 'i-omlaag', () => ballot.move(code, 1), 'btn btn-2 btn-s btn-icon');
    const add = h('button', { type: 'button', class: 'btn btn-2 btn-s', onclick: () => ballot.toggle(code) });
    box.append(add, up, down);
    ballot.onChange(() => {
      const place = ballot.number(code);
      const label = place ? t('ballotTakeOff') : t('ballotPutAt', { n: ballot.list.length + 1 });
      add.replaceChildren(...words(label, titleOf(ballot, code)));
      // Not disabled: a button that takes the focus away with it loses whoever uses a keyboard.
      up.setAttribute('aria-disabled', String(place <= 1));
      down.setAttribute('aria-disabled', String(place === 0 || place === ballot.list.length));
      up.hidden = down.hidden = place === 0;
      if (onMap) box.dataset.place = place ? t('ballotPlace', { n: place }) : '';
    });
  } else if (ballot.rules.kind === 'points') {
    const less = button(t('ballotLess', name), 'i-min', () => ballot.give(code, ballot.number(code) - 1), 'btn btn-2 btn-s btn-icon');
    const more = button(t('ballotMore', name), 'i-plus', () => ballot.give(code, ballot.number(code) + 1), 'btn btn-2 btn-s btn-icon');
    const given = onMap ? h('output', { class: 'ballot-given' }) : null;
    box.append(less, ...(given ? [given] : []), more);
    ballot.onChange(() => {
      if (given) given.textContent = t('ballotGiven', { n: ballot.number(code) });
      less.setAttribute('aria-disabled', String(ballot.number(code) === 0));
    });
  } else if (onMap) {
    const choose = h('button', { type: 'button', class: 'btn btn-1 btn-s', onclick: () => ballot.toggle(code) });
    box.append(choose);
    ballot.onChange(() => {
      const on = ballot.number(code) > 0;
      choose.setAttribute('aria-pressed', String(on));
      choose.replaceChildren(...(on ? [icon('i-vink')] : []), ...words(on ? t('ballotChosen') : t('ballotChoose'), titleOf(ballot, code)));
    });
  }
  return box;
}
