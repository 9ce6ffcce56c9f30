/** "Alle gevolgen": every figure by subject; each opens into how it was computed, from what, on whose word. */
import { h } from '../core/dom';
import { euros, number, t, type Key } from '../core/texts';
import type { Checker, Effect } from './checker';

/** In the order in which people ask. */
const GROUPS = ['money', 'parking', 'green', 'water', 'stay', 'walking', 'cycling', 'traffic', 'safety', 'changes'] as const;
const FIRST_HOUR = 6;
const LAST_HOUR = 21;

export function withUnit(value: number, unit = '', digits = 0): string {
  if (unit === 'EUR') return euros(value);
  if (unit === 'EUR/year') return t('perYear', { n: euros(value) });
  // A number and its unit stay on one line.
  const words: Record<string, string> = { m2: '\u00a0m²', m3: '\u00a0m³', m: '\u00a0m', mm: '\u00a0mm', '%': '%', pp: ` ${t('percentPoint')}`, C: '\u00a0°C' };
  return `${number(value, digits)}${words[unit] ?? ''}`;
}

/** "22 → 17", "5 (verandert niet)", a range where the figure has one, or that it is not known. */
export function figureText(effect: Effect): string {
  const { before, after, unit, digits } = effect;
  if (after === null || before === null) return t('notKnownShort');
  const end = effect.low !== undefined && effect.low !== null && effect.high !== undefined && effect.high !== null && effect.low !== effect.high
    ? `${withUnit(effect.low, unit, digits)} – ${withUnit(effect.high, unit, digits)}`
    : withUnit(after, unit, digits);
  if (effect.measure === 'change') return end;
  if (effect.before_known === false) return t('plusUnknown', { n: withUnit(after - before, unit, digits) });
  return before === after && end === withUnit(after, unit, digits) ? end : `${withUnit(before, unit, digits)} → ${end}`;
}

export class Figures {
  readonly element = h('details', { class: 'con-all' });
  private readonly list = h('div', {});
  private readonly hour = h('input', { type: 'range', min: FIRST_HOUR, max: LAST_HOUR, step: 1, value: 14, id: 'shade-hour' });
  private readonly hourWords = h('output', { for: 'shade-hour' });
  private readonly opened = new Set<string>();

  constructor(private readonly checker: Checker) {
    this.element.append(h('summary', {}, t('allEffects')), this.shade(), this.list);
    this.element.addEventListener('toggle', () => this.ask());
    this.hour.addEventListener('input', () => this.say());
    this.hour.addEventListener('change', () => this.ask());
    this.say();
  }

  /** Shade at a chosen hour of the first of July takes longer than the rest, so it is asked for by who wants to see it. */
  private shade(): HTMLElement {
    return h('p', { class: 'con-hour' }, h('label', { for: 'shade-hour' }, t('shadeHour')), this.hour, this.hourWords);
  }

  /** The hour, and how much of the pavement lies in the shade then, now and with the design. */
  private say(shade?: { before: number; after: number }): void {
    const hour = t('atHour', { h: this.hour.value });
    const words = shade ? `${hour}: ${number(shade.before)}% → ${number(shade.after)}%` : hour;
    this.hourWords.textContent = words;
    this.hour.setAttribute('aria-valuetext', words);
  }

  private ask(): void {
    if (this.element.open) void this.checker.more(Number(this.hour.value));
  }

  update(effects: Record<string, Effect>): void {
    this.ask();
    this.say(effects.shade_share?.hours?.[String(Number(this.hour.value))]);
    const known = Object.entries(effects).filter(([, effect]) => effect.name);
    const used = [...GROUPS, ...new Set(known.map(([, effect]) => effect.group ?? '').filter((group) => !(GROUPS as readonly string[]).includes(group)))];
    const focused = this.list.contains(document.activeElement) ? document.activeElement?.closest('details')?.dataset.effectAll : null;
    this.list.replaceChildren(
      ...used.flatMap((group) => {
        const figures = known.filter(([, effect]) => effect.group === group);
        return figures.length ? [h('section', {}, h('h4', {}, t(`group_${group}` as Key)), ...figures.map(([name, effect]) => this.figure(name, effect)))] : [];
      }),
    );
    if (focused) this.list.querySelector<HTMLElement>(`[data-effect-all="${focused}"] summary`)?.focus();
  }

  private figure(name: string, effect: Effect): HTMLElement {
    const steps = (effect.how ?? []).flatMap((step) => (step.text ? [h('li', {}, step.text, step.assumption ? ` (${t('assumption')})` : '')] : []));
    const made = h(
      'details', { 'data-effect-all': name, open: this.opened.has(name) },
      h('summary', {}, h('span', {}, effect.name ?? name), ' ', h('b', {}, figureText(effect))),
      steps.length > 0 && h('ol', {}, ...steps),
      effect.at && h('p', {}, t('growing', { now: grown(effect, '0'), ten: grown(effect, '10'), twenty: grown(effect, '20') })),
      effect.target && h('p', {}, t('targetIs', { n: withUnit(effect.target.value, effect.unit, effect.digits), source: effect.target.source ?? t('assumption') })),
      effect.caveat && h('p', {}, effect.caveat),
      effect.source && h('p', { class: 'muted xs' }, t('source', { source: effect.source })),
    );
    made.addEventListener('toggle', () => (made.open ? this.opened.add(name) : this.opened.delete(name)));
    return made;
  }
}

const grown = (effect: Effect, years: string): string => withUnit(effect.at?.[years]?.value ?? 0, effect.unit, effect.digits);
