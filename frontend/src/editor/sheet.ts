/** Which panel is open. On wide screens they all stand side by side; on phones one of them is the bottom sheet. */
import { button, h, icon } from '../core/dom';
import { t } from '../core/texts';

export type Panel = '' | 'palette' | 'effects' | 'list' | 'card';
type Size = 'peek' | 'half' | 'full';

const TABS: [Exclude<Panel, '' | 'card'>, 'tabPlace' | 'tabEffects' | 'tabList', string][] = [
  ['palette', 'tabPlace', 'i-plus'],
  ['effects', 'tabEffects', 'i-euro'],
  ['list', 'tabList', 'i-lijst'],
];

export const phone = (): boolean => matchMedia('(max-width: 820px)').matches;

export class Sheet {
  private panel: Panel = '';
  private size: Size = 'half';
  private readonly badge = h('span', { class: 'ws-badge', hidden: true });
  private readonly bar = h('nav', { class: 'ws-tabs', 'aria-label': t('workshop') });

  constructor(
    private readonly root: HTMLElement,
    private readonly onChange: () => void,
  ) {
    this.apply();
  }

  tabs(): HTMLElement {
    this.bar.replaceChildren(
      ...TABS.map(([name, key, symbol]) =>
        h(
          'button',
          { type: 'button', 'data-tab': name, 'aria-expanded': 'false', onclick: () => this.toggle(name) },
          icon(symbol), t(key), name === 'list' && this.badge,
        ),
      ),
    );
    return this.bar;
  }

  count(n: number): void {
    this.badge.hidden = n === 0;
    this.badge.textContent = String(n);
  }

  /** A button, and a handle to pull with a finger. */
  grip(): HTMLButtonElement {
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

  show(panel: Panel, size: Size = 'half'): void {
    this.panel = panel;
    this.size = size;
    this.apply();
  }

  toggle(panel: Panel): void {
    this.show(this.panel === panel ? '' : panel);
    if (this.panel) this.root.querySelector<HTMLElement>(`[data-name="${this.panel}"] .ws-scroll`)?.focus({ preventScroll: true });
  }

  /** The chosen element's card takes the sheet's place on phones. */
  card(open: boolean): void {
    if (open && (phone() || this.panel === 'list')) this.show(phone() ? 'card' : this.panel);
    else if (!open && this.panel === 'card') this.show('');
    else requestAnimationFrame(() => this.onChange());
  }

  /** Frees the map for placing something. */
  away(): void {
    if (phone() || this.panel === 'list') this.show('');
  }

  private resize(size: Size): void {
    this.size = size;
    this.apply();
  }

  private apply(): void {
    this.root.dataset.panel = this.panel;
    this.root.dataset.size = this.size;
    for (const tab of this.bar.children) tab.setAttribute('aria-expanded', String((tab as HTMLElement).dataset.tab === this.panel));
    for (const grip of this.root.querySelectorAll('.grip')) {
      const label = t(this.size === 'full' ? 'smallerPanel' : 'biggerPanel');
      grip.setAttribute('aria-label', label);
      grip.setAttribute('title', label);
    }
    for (const [selector, name] of [['.ws-list-button', 'list'], ['.ws-drawer-button', 'effects']] as const) {
      this.root.querySelector(selector)?.setAttribute('aria-expanded', String(this.panel === name));
    }
    requestAnimationFrame(() => this.onChange());
  }

  /** Pixels of the map that the sheet covers. */
  height(): number {
    if (!phone() || !this.panel) return 0;
    const open = this.panel === 'card' ? '.ws-card' : `[data-name="${this.panel}"]`;
    const height = this.root.querySelector<HTMLElement>(open)?.offsetHeight ?? 0;
    const map = this.root.querySelector<HTMLElement>('.ws-map')?.offsetHeight ?? 0;
    return Math.min(height, Math.max(0, map - 120));
  }
}
