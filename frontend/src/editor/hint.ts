/** What to do with the tool in hand, with what can be chosen about it and the buttons that end it. */
import { announce, button, h } from '../core/dom';
import { kindName, number, t, type Key } from '../core/texts';
import type { Acts } from './acts';
import type { Canvas } from './canvas';
import { LONGEST_ROW, rowAlong, SPACING } from './rows';
import type { Shop, Tool } from './shop';

const SENTENCES: Record<string, Key> = {
  point: 'placePoint', stamp: 'placePoint', change: 'placeChange', line: 'placeLine', area: 'placeArea', move: 'placeMove', replace: 'placeReplace',
  row: 'placeRow', measure: 'measureHint',
};

export class Hint {
  readonly element = h('div', { class: 'ws-hint', hidden: true });
  private readonly sentence = h('p', {});
  private readonly figures = h('p', { class: 'ws-figure', hidden: true });
  private readonly choices = h('div', { class: 'ws-choices' });
  private readonly ends = h('div', {});
  private built = '';

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly canvas: () => Canvas | null,
    /** Opens the form to place something at an address. */
    private readonly byAddress: () => void,
  ) {
    this.element.append(this.sentence, this.figures, this.choices, this.ends);
  }

  update(): void {
    const { tool } = this.shop;
    const focused = this.element.contains(document.activeElement) ? document.activeElement : null;
    const choice = this.choices.contains(focused) ? focused!.textContent : null;
    this.element.hidden = tool.type === 'none';
    const words = tool.type === 'none' ? '' : this.words(tool);
    if (this.sentence.textContent !== words) {
      this.sentence.textContent = words;
      if (words) announce(words);
    }
    // Choices stay in the page as long as the tool does: a field keeps its focus while corners are added.
    if (words !== this.built) {
      this.built = words;
      this.choices.replaceChildren(...this.choose(tool));
      this.choices.hidden = this.choices.childElementCount === 0;
    }
    this.endButtons();
    this.figure();
    if (focused) this.keepFocus(choice);
  }

  /** Who pressed a button that is gone now goes on: at the same choice of the other tool, or else at the map. */
  private keepFocus(choice: string | null): void {
    if (this.element.contains(document.activeElement) && !this.element.hidden) return;
    const same = [...this.choices.querySelectorAll('button')].find((one) => one.textContent === choice);
    if (same && !this.element.hidden) same.focus();
    else this.canvas()?.map.getCanvas().focus({ preventScroll: true });
  }

  /** Length or surface of what is being drawn, up to the pointer. */
  figure(): void {
    const { tool } = this.shop;
    const sketch = this.canvas()?.sketch;
    let words = sketch?.words() ?? '';
    if (sketch && tool.type === 'row') {
      const corners = sketch.hover ? [...sketch.corners, sketch.hover] : sketch.corners;
      const n = rowAlong(corners, this.shop.spacingOf(tool.kind)).length;
      words = n === 0 ? '' : [t('rowCount', { n }), n === LONGEST_ROW ? t('rowLongest') : ''].filter(Boolean).join(' ');
    }
    this.figures.hidden = !words;
    if (this.figures.textContent !== words) this.figures.textContent = words;
  }

  private words(tool: Exclude<Tool, { type: 'none' }>): string {
    if (tool.type === 'measure') return t(tool.way === 'line' ? 'measureLine' : 'measureArea');
    const name = 'kind' in tool ? tool.kind.name : this.shop.thingName(tool.thing);
    const kind = tool.type === 'change' ? kindName(tool.kind.applies_to).toLowerCase() : '';
    return t(SENTENCES[tool.type === 'place' ? tool.way : tool.type]!, { name, kind });
  }

  private choose(tool: Tool): HTMLElement[] {
    const small = (label: Key, symbol: string, run: () => void, pressed: boolean | null = null) => {
      const made = button(t(label), symbol, run, 'btn btn-2 btn-s', true);
      if (pressed !== null) made.setAttribute('aria-pressed', String(pressed));
      return made;
    };
    const address = small('byAddress', 'i-adres', () => this.byAddress());
    if (tool.type === 'place' && tool.way === 'point') return [small('inRow', 'i-rij', () => this.acts.setTool({ type: 'row', kind: tool.kind }), false), address];
    if (tool.type === 'row') return [small('inRow', 'i-rij', () => this.acts.setTool(this.shop.toolFor(tool.kind)), true), this.spacing(tool.kind)];
    if (tool.type === 'place') return [address];
    if (tool.type === 'measure') {
      return (['line', 'area'] as const).map((way) =>
        small(way === 'line' ? 'measureLength' : 'measureSurface', way === 'line' ? 'i-meet' : 'i-lagen', () => this.acts.setTool({ type: 'measure', way }), tool.way === way),
      );
    }
    return [];
  }

  private spacing(kind: Parameters<Shop['spacingOf']>[0]): HTMLElement {
    const input = h('input', {
      type: 'number', inputmode: 'decimal', min: String(SPACING.min), max: String(SPACING.max), step: '0.1', value: String(this.shop.spacingOf(kind)),
      'aria-label': t('spacing'), 'data-field': 'spacing',
    });
    input.addEventListener('change', () => {
      const value = input.valueAsNumber;
      if (value >= SPACING.min && value <= SPACING.max) {
        this.shop.spacing.set(kind.id, value);
        announce(t('spacingSet', { n: number(value, 1) }));
        this.canvas()?.foreseeAgain();
      } else input.value = String(this.shop.spacingOf(kind));
      this.figure();
    });
    return h('label', { class: 'ws-spacing' }, h('span', { 'aria-hidden': 'true' }, t('every')), input, h('span', { 'aria-hidden': 'true' }, 'm'));
  }

  private endButtons(): void {
    const sketch = this.canvas()?.sketch;
    const measuring = this.shop.tool.type === 'measure';
    const focused = this.ends.contains(document.activeElement) ? (document.activeElement as HTMLElement).dataset.end : undefined;
    const end = (name: string, label: Key, symbol: string | null, run: () => void, look: string, words = true) => {
      const made = button(t(label), symbol, run, `btn ${look} btn-s`, words);
      made.dataset.end = name;
      return made;
    };
    const made = [
      sketch && !measuring ? end('done', 'done', 'i-vink', () => this.canvas()?.finish(), 'btn-1') : null,
      sketch && sketch.corners.length > 0 ? end('back', 'pointBack', 'i-undo', () => this.canvas()?.cornerBack(), 'btn-2', false) : null,
      end('cancel', measuring ? 'stop' : 'cancel', 'i-sluit', () => this.acts.setTool({ type: 'none' }), 'btn-2', false),
    ];
    this.ends.replaceChildren(...made.filter((one) => one !== null));
    if (focused) this.ends.querySelector<HTMLElement>(`[data-end="${focused}"]`)?.focus();
  }
}
