/** What one can place: tiles by group, with search; click, drag, or choose with the keyboard. */
import { button, h, icon } from '../core/dom';
import { kindName, t } from '../core/texts';
import type { Acts } from './acts';
import { best } from './finder';
import type { Catalogue, ElementKind } from './model';
import { NEUTRAL_ICON, type Shop } from './shop';

export class Palette {
  readonly element: HTMLElement;
  private readonly groups = h('div', { class: 'pal-groups' });
  private readonly chips = h('div', { class: 'pal-chips', role: 'group', 'aria-label': t('paletteTitle') });
  private readonly input = h('input', { type: 'search', placeholder: t('paletteSearch'), 'aria-label': t('paletteSearch'), autocomplete: 'off', spellcheck: 'false' });
  private readonly count = h('p', { class: 'vh', role: 'status' });
  private catalogue: Catalogue | null = null;
  private chosen = '';

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly drop: (kind: ElementKind, x: number, y: number) => void,
    private readonly retry: () => void,
    private readonly toMap: () => void,
    private readonly widen: () => void,
  ) {
    this.input.addEventListener('input', () => (this.fill(), this.tell()));
    this.element = h(
      'div',
      { class: 'pal' },
      button(t('paletteWiden'), 'i-zoek', () => this.wide(), 'tb pal-widen'),
      h('p', { class: 'muted pal-hint' }, t('paletteHint')),
      h('div', { class: 'pal-search' }, icon('i-zoek'), this.input),
      this.count,
      this.chips,
      this.groups,
    );
    this.groups.append(h('p', { class: 'muted' }, t('loading')));
  }

  failed(): void {
    this.groups.replaceChildren(
      h('p', { role: 'alert' }, t('catalogueFailed')),
      h('button', { type: 'button', class: 'btn btn-2 btn-s', onclick: this.retry }, t('retry')),
    );
  }

  show(catalogue: Catalogue): void {
    this.catalogue = catalogue;
    const names: [string, string][] = [['', t('all')], ...catalogue.groups.map((g): [string, string] => [g.id, g.name])];
    this.chips.replaceChildren(
      ...names.map(([id, name]) =>
        h('button', { type: 'button', class: 'tb', 'data-group': id, 'aria-pressed': String(id === this.chosen), onclick: () => this.choose(id) }, name),
      ),
    );
    this.fill();
  }

  private choose(group: string): void {
    this.chosen = group;
    for (const chip of this.chips.children) chip.setAttribute('aria-pressed', String((chip as HTMLElement).dataset.group === group));
    this.fill();
  }

  private fill(): void {
    if (!this.catalogue) return;
    const groupNames = new Map(this.catalogue.groups.map((group) => [group.id, group.name]));
    const words = (kind: ElementKind) => [...Object.values(kind.names ?? {}), kind.name, groupNames.get(kind.group), kindName(kind.becomes)].join(' ');
    const shown = this.catalogue.elements.filter((kind) => kind.geometry.length > 0 && (!this.chosen || this.chosen === kind.group));
    const meant = new Set(best(this.input.value, shown, words));
    const parts = this.catalogue.groups.flatMap((group) => {
      const kinds = shown.filter((kind) => kind.group === group.id && meant.has(kind));
      return kinds.length ? [h('h3', {}, group.name), h('div', { class: 'pal-grid' }, ...kinds.map((kind) => this.tile(kind)))] : [];
    });
    this.groups.replaceChildren(...(parts.length ? parts : [h('p', { class: 'muted', role: 'status' }, t('paletteNone'))]));
    this.update();
  }

  /** How many there are, for who cannot see it. */
  private tell(): void {
    const n = this.groups.querySelectorAll('.el').length;
    this.count.textContent = n ? t(n === 1 ? 'paletteOne' : 'paletteCount', { n }) : '';
  }

  /** On middle-sized screens the palette is a rail of icons; this shows it with its names and the search field. */
  private wide(): void {
    this.widen();
    this.input.focus();
  }

  private tile(kind: ElementKind): HTMLButtonElement {
    const allowed = this.shop.allows(kind);
    const name = allowed ? kind.name : `${kind.name}: ${t('notHere')}`;
    const tile = h(
      'button',
      { type: 'button', class: 'el', 'data-kind': kind.id, 'aria-pressed': 'false', 'aria-label': name, title: name },
      icon(kind.icon ?? NEUTRAL_ICON),
      h('span', {}, breakable(shortName(kind.name))),
    );
    if (!allowed) {
      tile.setAttribute('aria-disabled', 'true');
      tile.removeAttribute('aria-pressed');
      tile.append(h('small', {}, t('notHere')));
      tile.addEventListener('click', () => this.acts.onRefused(t('kindNotAllowed', { name: kind.name })));
      return tile;
    }
    tile.addEventListener('click', (event) => this.take(kind, event.detail === 0));
    tile.addEventListener('pointerdown', (event) => this.dragFrom(event, kind, tile));
    return tile;
  }

  private take(kind: ElementKind, byKeyboard: boolean): void {
    const { tool } = this.shop;
    if (tool.type === 'replace') {
      if (this.acts.replaceThing(tool.thing, kind)) this.acts.setTool({ type: 'none' });
      return;
    }
    const again = (tool.type === 'place' || tool.type === 'change') && tool.kind.id === kind.id;
    this.acts.setTool(again ? { type: 'none' } : this.shop.toolFor(kind));
    // Who chose with the keyboard places with it too: at the cross in the middle of the map.
    if (byKeyboard && !again) this.toMap();
  }

  /** Dragging is for the mouse only: on a touch screen the same movement scrolls the palette. */
  private dragFrom(event: PointerEvent, kind: ElementKind, tile: HTMLElement): void {
    const tool = this.shop.toolFor(kind);
    const oneTap = tool.type === 'place' && (tool.way === 'point' || tool.way === 'stamp');
    if (event.pointerType !== 'mouse' || event.button !== 0 || !oneTap) return;
    let ghost: HTMLElement | null = null;
    const move = (at: PointerEvent) => {
      if (!ghost && Math.hypot(at.clientX - event.clientX, at.clientY - event.clientY) < 8) return;
      ghost ??= document.body.appendChild(h('div', { class: 'el-ghost', 'aria-hidden': 'true' }, icon(kind.icon ?? NEUTRAL_ICON)));
      ghost.style.transform = `translate(${at.clientX}px, ${at.clientY}px)`;
    };
    const end = (at: PointerEvent) => {
      document.removeEventListener('pointermove', move);
      if (!ghost) return;
      ghost.remove();
      // A release over the tile itself also clicks it; that click must not take the tool in hand again.
      const swallow = (click: Event) => click.stopImmediatePropagation();
      tile.addEventListener('click', swallow, { capture: true });
      setTimeout(() => {
        tile.removeEventListener('click', swallow, { capture: true });
        this.drop(kind, at.clientX, at.clientY);
      });
    };
    document.addEventListener('pointermove', move);
    document.addEventListener('pointerup', end, { once: true });
  }

  update(): void {
    const { tool } = this.shop;
    for (const tile of this.groups.querySelectorAll<HTMLElement>('.el:not([aria-disabled])')) {
      tile.setAttribute('aria-pressed', String((tool.type === 'place' || tool.type === 'change') && tool.kind.id === tile.dataset.kind));
    }
  }
}

/** The tile shows the name up to its brackets; the whole name is its title. */
const shortName = (name: string): string => name.replace(/\s*\(.*\)\s*$/, '');

/** Second halves of our long Dutch words: browsers without a Dutch hyphenation list break there, not anywhere. */
const HALVES = /(?<=\p{L}{4})(bak|vak|verharding|latende|mengsel|plaats|plek|oversteek|versmalling|verspringing|plateau|drempel|constructie|toestel|verkeer|paal|mast|container|verlaging|tuin|pad|trommel|kluis|nietje)/gu;

const STARTS = /(water|gehandi|capten|onder|under|straat|parkeer|bloemen|trottoir|permea|perpen)(?=\p{L}{4})/giu;

const breakable = (name: string): string => name.replace(HALVES, '\u00ad$1').replace(STARTS, '$1\u00ad');
