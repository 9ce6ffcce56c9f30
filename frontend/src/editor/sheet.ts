/** Which panel is open. On wide screens they all stand side by side; on phones one of them is the bottom sheet. */
import { button, h, icon } from '../core/dom';
import { t } from '../core/texts';
import type { Panel } from './bench';

/** A panel's name, `card` for the chosen element on phones, or nothing. */
type Name = string;
type Size = 'peek' | 'half' | 'full';

const NARROW = matchMedia('(max-width: 820px)');
export const phone = (): boolean => NARROW.matches;

export class Sheet {
  private open: Name = '';
  /** The strip under the map, which on wide screens stays open beside everything else. */
  private strip: Name = '';
  private held = false;
  private readonly watchers: { name: Name; open: boolean; tell: (open: boolean) => void }[] = [];
  private readonly places = new Map<Name, Panel['place']>();
  private size: Size = 'half';
  private readonly badge = h('span', { class: 'ws-badge', hidden: true });
  private readonly bar = h('nav', { class: 'ws-tabs', 'aria-label': t('workshop') });

  constructor(
    private readonly root: HTMLElement,
    private readonly onChange: () => void,
  ) {
    // Who zooms in or turns a tablet comes to the other layout: the strip must not stay there as a sheet over everything.
    NARROW.addEventListener('change', () => this.apply());
    this.apply();
  }

  /** A panel with its heading, its grip for phones and its button to close. */
  panel(panel: Panel): HTMLElement {
    this.places.set(panel.name, panel.place);
    return h(
      'section',
      { class: `ws-panel ${panel.className}`, 'aria-label': t(panel.title), 'data-name': panel.name, 'data-place': panel.place, 'data-open': String(this.isOpen(panel.name)) },
      this.grip(),
      h('header', {}, h('h2', {}, t(panel.title)), button(t('close'), 'i-sluit', () => this.close(panel.name), 'tb ws-close')),
      h('div', { class: 'ws-scroll', tabindex: '0' }, panel.element),
    );
  }

  tabs(panels: Panel[]): HTMLElement {
    const tabs = panels.flatMap(({ name, tab }) => (tab ? [{ name, ...tab }] : [])).sort((a, b) => a.order - b.order);
    this.bar.replaceChildren(
      ...tabs.map(({ name, label, icon: symbol }) =>
        h(
          'button',
          { type: 'button', 'data-tab': name, 'aria-expanded': 'false', onclick: () => this.toggle(name) },
          icon(symbol), t(label), name === 'list' && this.badge,
        ),
      ),
    );
    return this.bar;
  }

  /** Whether a panel is open; those that stand beside the map are there on wide screens whatever this says. */
  isOpen(name: Name): boolean {
    return this.open === name || (this.strip === name && this.isStrip(name));
  }

  /** Tells whenever a panel opens or closes. */
  watch(name: Name, tell: (open: boolean) => void): void {
    this.watchers.push({ name, open: this.isOpen(name), tell });
  }

  /** Lets something be done without the card of what is chosen taking the panel's place. */
  hold(run: () => void): void {
    this.held = true;
    run();
    this.held = false;
  }

  private isStrip(name: Name): boolean {
    return this.places.get(name) === 'below' && !phone();
  }

  /** By its own button, which goes with it: the keyboard is back at what opened the panel. */
  private close(name: Name): void {
    if (this.strip === name) this.strip = '';
    this.show(this.open === name ? '' : this.open);
    const openers = [...this.root.querySelectorAll<HTMLElement>(`[data-opens="${name}"], [data-tab="${name}"]`)];
    openers.find((opener) => opener.offsetParent !== null)?.focus({ preventScroll: true });
  }

  count(n: number): void {
    this.badge.hidden = n === 0;
    this.badge.textContent = String(n);
  }

  /** A button, and a handle to pull with a finger. */
  private grip(): HTMLButtonElement {
    const grip = button(t('biggerPanel'), null, () => this.resize(this.size === 'full' ? 'half' : this.size === 'half' ? 'full' : 'half'), 'grip');
    let from = 0;
    grip.addEventListener('pointerdown', (event) => {
      from = event.clientY;
      grip.setPointerCapture(event.pointerId);
    });
    grip.addEventListener('pointerup', (event) => {
      const pulled = event.clientY - from;
      if (Math.abs(pulled) < 24) return;
      const swallow = (click: Event) => click.stopImmediatePropagation();
      grip.addEventListener('click', swallow, { capture: true });
      setTimeout(() => grip.removeEventListener('click', swallow, { capture: true }));
      const sizes: Size[] = ['peek', 'half', 'full'];
      this.resize(sizes[Math.min(2, Math.max(0, sizes.indexOf(this.size) + (pulled < 0 ? 1 : -1)))]!);
    });
    return grip;
  }

  show(panel: Name, size: Size = 'half'): void {
    this.open = panel;
    this.size = size;
    this.apply();
  }

  /** Opens the strip under the map where there is one, without taking the focus along. */
  unfold(panel: Name): void {
    if (!this.isStrip(panel)) return;
    this.strip = panel;
    this.apply();
  }

  toggle(panel: Name): void {
    if (this.isStrip(panel)) {
      this.strip = this.strip === panel ? '' : panel;
      this.apply();
    } else this.show(this.open === panel ? '' : panel);
    const element = this.isOpen(panel) ? this.root.querySelector<HTMLElement>(`[data-name="${panel}"]`) : null;
    // A panel that knows its first field has the focus there already.
    if (element && !element.contains(document.activeElement)) element.querySelector<HTMLElement>('.ws-scroll')?.focus({ preventScroll: true });
  }

  /** The chosen element's card takes the sheet's place on phones. */
  card(open: boolean): void {
    if (this.held) return;
    if (open && (phone() || this.open === 'list')) this.show(phone() ? 'card' : this.open);
    else if (!open && this.open === 'card') this.show('');
    else requestAnimationFrame(() => this.onChange());
  }

  /** Frees the map for placing something. */
  away(): void {
    if (phone() || this.open === 'list' || this.open === 'palette') this.show('');
  }

  private resize(size: Size): void {
    this.size = size;
    this.apply();
  }

  private apply(): void {
    this.root.dataset.panel = this.open;
    this.root.dataset.size = this.size;
    for (const panel of this.root.querySelectorAll<HTMLElement>('[data-name]')) panel.dataset.open = String(this.isOpen(panel.dataset.name!));
    for (const tab of this.bar.children) tab.setAttribute('aria-expanded', String(this.isOpen((tab as HTMLElement).dataset.tab!)));
    for (const grip of this.root.querySelectorAll('.grip')) {
      const label = t(this.size === 'full' ? 'smallerPanel' : 'biggerPanel');
      grip.setAttribute('aria-label', label);
      grip.setAttribute('title', label);
    }
    for (const opener of this.root.querySelectorAll<HTMLElement>('[data-opens]')) {
      opener.setAttribute('aria-expanded', String(this.isOpen(opener.dataset.opens!)));
    }
    // What a panel lies over cannot be reached from under it. Notes can: they tell what must not be missed.
    const covered = !phone() && this.places.get(this.open) === 'over';
    for (const under of this.root.querySelectorAll('.ws-map > :not(.ws-notes)')) under.toggleAttribute('inert', covered);
    for (const watcher of this.watchers) {
      if (watcher.open === this.isOpen(watcher.name)) continue;
      watcher.open = !watcher.open;
      watcher.tell(watcher.open);
    }
    requestAnimationFrame(() => this.onChange());
  }

  /** Pixels at the left of the map that a panel on its corner covers. */
  width(): number {
    if (phone() || this.places.get(this.open) !== 'float') return 0;
    return (this.root.querySelector<HTMLElement>(`[data-name="${this.open}"]`)?.offsetWidth ?? 0) + 12;
  }

  /** Pixels of the map that the sheet covers. */
  height(): number {
    if (!phone() || !this.open) return 0;
    const open = this.open === 'card' ? '.ws-card' : `[data-name="${this.open}"]`;
    const height = this.root.querySelector<HTMLElement>(open)?.offsetHeight ?? 0;
    const map = this.root.querySelector<HTMLElement>('.ws-map')?.offsetHeight ?? 0;
    return Math.min(height, Math.max(0, map - 120));
  }
}
