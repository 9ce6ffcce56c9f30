/** The chosen element: what it is, its verdict, and everything one can do with it without dragging. */
import { button, h, icon } from '../core/dom';
import { kindName, t, type Key } from '../core/texts';
import type { Acts } from './acts';
import type { Change, Verdict } from './model';
import { THING_ICONS, NEUTRAL_ICON, type Shop, type StreetThing } from './shop';

export const VERDICT_CLASS: Record<Verdict, string> = { fits: 'kan', conditional: 'mits', conflict: 'niet', unchecked: 'open' };

export function verdictMark(verdict: Verdict): HTMLElement {
  const name = VERDICT_CLASS[verdict];
  const words = t(`v_${verdict}`);
  return h('span', { class: `v v-${name}` }, icon(`v-${name}`), h('span', {}, words.charAt(0).toUpperCase() + words.slice(1)));
}

export class Card {
  readonly element = h('section', { class: 'ws-card', hidden: true });
  private shown = '';

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly bearing: () => number,
  ) {}

  get open(): boolean {
    return !this.element.hidden;
  }

  update(): void {
    const change = this.shop.store.selected;
    const thing = this.shop.picked;
    const focused = this.element.contains(document.activeElement) ? document.activeElement?.getAttribute('data-act') : null;
    this.element.hidden = !change && !thing;
    this.shown = change ? change.key : thing ? `thing-${thing.id}` : '';
    if (change) this.fill(this.shop.nameOf(change), this.shop.iconOf(change), this.forChange(change));
    else if (thing) this.fill(this.shop.thingName(thing), THING_ICONS[thing.kind] ?? NEUTRAL_ICON, this.forThing(thing));
    else this.element.replaceChildren();
    // Buttons are new after every act: without this, the keyboard's place would be lost with each press.
    if (focused) this.element.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
  }

  get key(): string {
    return this.shown;
  }

  private fill(name: string, symbol: string, parts: (HTMLElement | null)[]): void {
    this.element.setAttribute('aria-label', name);
    const close = this.act(t('close'), 'i-sluit', 'close', () => this.acts.letGo());
    this.element.replaceChildren(
      h('header', {}, icon(symbol, 32), h('h2', {}, name), close),
      ...parts.filter((part): part is HTMLElement => part !== null),
    );
  }

  private act(label: string, symbol: string | null, name: string, run: () => void, className = 'tb', text = false): HTMLButtonElement {
    const made = button(label, symbol, run, className, text);
    made.dataset.act = name;
    return made;
  }

  private forChange(change: Change): (HTMLElement | null)[] {
    const verdict = this.shop.verdictOf(change);
    const words = `${t(`action${change.action.charAt(0).toUpperCase()}${change.action.slice(1)}` as Key)}`;
    const extent = this.shop.sizeOf(change);
    return [
      h('p', { class: 'muted card-size' }, [words, extent].filter(Boolean).join(' · ')),
      verdict ? this.verdict(change, verdict) : null,
      this.acts.canMove(change) ? this.moves(change) : null,
      h(
        'div',
        { class: 'card-acts' },
        change.action === 'add' ? this.act(t('duplicate'), 'i-plus', 'duplicate', () => this.acts.duplicate(change), 'btn btn-2 btn-s', true) : null,
        this.act(t(change.action === 'add' ? 'removeIt' : 'ratherNot'), 'i-weg', 'delete', () => this.acts.remove(change), 'btn btn-2 btn-s', true),
      ),
    ];
  }

  private verdict(change: Change, verdict: Verdict): HTMLElement {
    const index = this.shop.store.state.changes.indexOf(change);
    const checks = this.shop.checker.answer?.changes.find((one) => one.index === index)?.checks ?? [];
    const sentences = checks.map((check) => check.message).filter(Boolean);
    return h(
      'div',
      { class: `verdict v-${VERDICT_CLASS[verdict]}` },
      verdictMark(verdict),
      ...(sentences.length ? sentences : verdict === 'unchecked' ? [t('uncheckedWhy')] : []).map((s) => h('p', {}, s)),
    );
  }

  private moves(change: Change): HTMLElement {
    const nudge = (label: Key, symbol: string, name: string, right: number, up: number) =>
      this.act(t(label), symbol, name, () => this.acts.nudge(change, right, up, this.bearing()), `tb nudge-${name}`);
    return h(
      'div',
      { class: 'card-moves' },
      h(
        'div', { class: 'tg', role: 'group', 'aria-label': t('shift') },
        nudge('nudgeLeft', 'i-terug', 'left', -0.1, 0),
        nudge('nudgeUp', 'i-omhoog', 'up', 0, 0.1),
        nudge('nudgeDown', 'i-omlaag', 'down', 0, -0.1),
        nudge('nudgeRight', 'i-pijl', 'right', 0.1, 0),
      ),
      h(
        'div', { class: 'tg', role: 'group', 'aria-label': t('turn') },
        this.act(t('turnLeft'), 'i-undo', 'turn-left', () => this.acts.turn(change, -15)),
        this.act(t('turnRight'), 'i-redo', 'turn-right', () => this.acts.turn(change, 15)),
      ),
    );
  }

  private forThing(thing: StreetThing): (HTMLElement | null)[] {
    const run = (name: string, label: Key, symbol: string, act: () => void, className = 'btn btn-2 btn-s') =>
      this.act(t(label), symbol, name, act, className, true);
    return [
      h('p', { class: 'muted card-size' }, [t('existing'), thing.certainty === 'estimated' ? t('estimatedThing') : ''].filter(Boolean).join(' · ')),
      h(
        'div',
        { class: 'card-acts card-four', role: 'group', 'aria-label': `${kindName(thing.kind)}: ${t('pickQuestion')}` },
        run('remove', 'removeIt', 'i-weg', () => this.acts.thing('remove', thing), 'btn btn-1 btn-s'),
        run('move', 'moveIt', 'i-schuif', () => this.acts.setTool({ type: 'move', thing })),
        run('replace', 'replaceIt', 'i-redo', () => this.acts.setTool({ type: 'replace', thing })),
        run('keep', 'keepIt', 'i-vink', () => this.acts.thing('keep', thing)),
      ),
    ];
  }
}
