/** The chosen element: what it is, its verdict, and everything one can do with it without dragging. */
import { button, h, icon } from '../core/dom';
import { kindName, t, type Key } from '../core/texts';
import type { Acts } from './acts';
import type { Change, Verdict } from './model';
import { allChecks, checksOf, isRefusal, reasons, sourceLine, suggestionOf, verdictBox } from './verdict';
import { Moves } from './moves';
import { THING_ICONS, NEUTRAL_ICON, type Shop, type StreetThing } from './shop';

export class Card {
  private readonly head = h('header', {});
  private readonly body = h('div', { class: 'card-body' });
  /** Buttons at the bottom; others may append to it after an update. */
  readonly foot = h('div', { class: 'card-foot' });
  private readonly moves: Moves;
  readonly element: HTMLElement;
  /** It became smaller or bigger. */
  onSize: () => void = () => undefined;
  /** It closed while the keyboard was in it. */
  onGone: () => void = () => undefined;
  private shown = '';
  /** Whether somebody opened the list of all checks: it stays open while the figures come and go. */
  private allOpen = false;

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    bearing: () => number,
  ) {
    this.moves = new Moves(shop, acts, bearing);
    // The moves stay in the page while figures come and go: what is being typed there is not lost.
    this.element = h('section', { class: 'ws-card card-moves-off', hidden: true }, this.head, this.body, this.moves.element, this.foot);
  }

  get open(): boolean {
    return !this.element.hidden;
  }

  update(): void {
    const change = this.shop.store.selected;
    const thing = this.shop.picked;
    const within = this.element.contains(document.activeElement);
    const focused = within ? document.activeElement?.getAttribute('data-act') : null;
    this.element.hidden = !change && !thing;
    this.shown = change ? change.key : thing ? `thing-${thing.id}` : '';
    this.moves.show(change && this.acts.canMove(change) ? change : null);
    if (change) this.fill(this.shop.nameOf(change), this.shop.iconOf(change), this.aboutChange(change), this.changeActs(change));
    else if (thing) this.fill(this.shop.thingName(thing), THING_ICONS[thing.kind] ?? NEUTRAL_ICON, this.aboutThing(thing), this.thingActs(thing));
    // Buttons are new after every act: without this, the keyboard's place would be lost with each press.
    if (focused) this.element.querySelector<HTMLElement>(`[data-act="${focused}"]`)?.focus();
    if (within && this.element.hidden) this.onGone();
  }

  get key(): string {
    return this.shown;
  }

  private fill(name: string, symbol: string, about: (HTMLElement | null)[], acts: HTMLElement): void {
    this.element.setAttribute('aria-label', name);
    const close = this.act(t('close'), 'i-sluit', 'close', () => this.acts.letGo());
    this.head.replaceChildren(icon(symbol, 32), h('h2', {}, name), ...(this.moves.shown ? [this.movesSwitch()] : []), close);
    this.body.replaceChildren(...about.filter((part): part is HTMLElement => part !== null));
    this.foot.replaceChildren(acts);
  }

  /** Shifting and turning take room: they stand on the card once asked for. */
  private movesSwitch(): HTMLButtonElement {
    const made = this.act(t('shiftTurn'), 'i-schuif', 'moves', () => {
      this.element.classList.toggle('card-moves-off');
      this.update();
      this.onSize();
    });
    made.setAttribute('aria-expanded', String(!this.element.classList.contains('card-moves-off')));
    return made;
  }

  private act(label: string, symbol: string | null, name: string, run: () => void, className = 'tb', text = false): HTMLButtonElement {
    const made = button(label, symbol, run, className, text);
    made.dataset.act = name;
    return made;
  }

  private aboutChange(change: Change): (HTMLElement | null)[] {
    const verdict = this.shop.verdictOf(change);
    const words = `${t(`action${change.action.charAt(0).toUpperCase()}${change.action.slice(1)}` as Key)}`;
    const extent = this.shop.sizeOf(change);
    return [
      h('p', { class: 'muted card-size' }, [words, extent].filter(Boolean).join(' · ')),
      ...(verdict ? this.verdict(change, verdict) : []),
    ];
  }

  private changeActs(change: Change): HTMLElement {
    return h(
      'div',
      { class: 'card-acts' },
      change.action === 'add' ? this.act(t('duplicate'), 'i-plus', 'duplicate', () => this.acts.duplicate(change), 'btn btn-2 btn-s', true) : null,
      this.act(t(change.action === 'add' ? 'removeIt' : 'ratherNot'), 'i-weg', 'delete', () => this.acts.remove(change), 'btn btn-2 btn-s', true),
    );
  }

  /** What the rules say, whose rules they are, the way out in one tap, and every check to open. */
  private verdict(change: Change, verdict: Verdict): (HTMLElement | null)[] {
    const checks = checksOf(this.shop, change);
    const current = this.shop.checker.isCurrent(change);
    const way = current && isRefusal(verdict) ? suggestionOf(checks) : null;
    const box = verdictBox(verdict, checks);
    // Of how it was a moment ago: the new answer is under way.
    box.setAttribute('aria-busy', String(!current));
    return [
      box,
      sourceLine(reasons(checks, verdict)),
      way && this.act(way.message, 'i-schuif', 'suggestion', () => this.acts.follow(change, way), 'btn btn-1 btn-s card-way', true),
      allChecks(checks, this.allOpen, (open) => {
        if (open === this.allOpen) return;
        this.allOpen = open;
        this.onSize();
      }),
    ];
  }

  private aboutThing(thing: StreetThing): HTMLElement[] {
    return [h('p', { class: 'muted card-size' }, [t('existing'), thing.certainty === 'estimated' ? t('estimatedThing') : ''].filter(Boolean).join(' · '))];
  }

  private thingActs(thing: StreetThing): HTMLElement {
    const run = (name: string, label: Key, symbol: string, act: () => void, className = 'btn btn-2 btn-s') =>
      this.act(t(label), symbol, name, act, className, true);
    return h(
      'div',
      { class: 'card-acts card-four', role: 'group', 'aria-label': `${kindName(thing.kind)}: ${t('pickQuestion')}` },
      run('remove', 'removeIt', 'i-weg', () => this.acts.thing('remove', thing), 'btn btn-1 btn-s'),
      run('move', 'moveIt', 'i-schuif', () => this.acts.setTool({ type: 'move', thing })),
      run('replace', 'replaceIt', 'i-redo', () => this.acts.setTool({ type: 'replace', thing })),
      run('keep', 'keepIt', 'i-vink', () => this.acts.thing('keep', thing)),
    );
  }
}
