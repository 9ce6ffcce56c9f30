/** What to do with the tool in hand, with the buttons that end it. */
import { announce, button, h } from '../core/dom';
import { kindName, t, type Key } from '../core/texts';
import type { Acts } from './acts';
import type { Canvas } from './canvas';
import type { Shop } from './shop';

const SENTENCES: Record<string, Key> = {
  point: 'placePoint', stamp: 'placePoint', change: 'placeChange', line: 'placeLine', area: 'placeArea', move: 'placeMove', replace: 'placeReplace',
};

export class Hint {
  readonly element = h('div', { class: 'ws-hint', hidden: true });

  constructor(
    private readonly shop: Shop,
    private readonly acts: Acts,
    private readonly canvas: () => Canvas | null,
  ) {}

  update(): void {
    const { tool } = this.shop;
    this.element.hidden = tool.type === 'none';
    if (tool.type === 'none') return this.element.replaceChildren();
    const sentence = this.sentence();
    const sketch = this.canvas()?.sketch;
    if (this.element.querySelector('p')?.textContent !== sentence) announce(sentence);
    this.element.replaceChildren(
      h('p', {}, sentence),
      h(
        'div',
        {},
        sketch ? button(t('done'), 'i-vink', () => this.canvas()?.finish(), 'btn btn-1 btn-s', true) : null,
        sketch && sketch.corners.length > 0 ? button(t('pointBack'), 'i-undo', () => this.canvas()?.cornerBack(), 'btn btn-2 btn-s', true) : null,
        button(t('cancel'), null, () => this.acts.setTool({ type: 'none' }), 'btn btn-2 btn-s', true),
      ),
    );
  }

  private sentence(): string {
    const { tool } = this.shop;
    if (tool.type === 'none') return '';
    const name = 'kind' in tool ? tool.kind.name : this.shop.thingName(tool.thing);
    const kind = tool.type === 'change' ? kindName(tool.kind.applies_to).toLowerCase() : '';
    return t(SENTENCES[tool.type === 'place' ? tool.way : tool.type]!, { name, kind });
  }
}
