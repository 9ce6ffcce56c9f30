/** The bar above the map: tools in groups, each a button with a name. */
import { button, h } from '../core/dom';
import { t } from '../core/texts';
import { GROUPS, type Tool } from './bench';

export class Toolbar {
  readonly element: HTMLElement;
  private readonly made: { tool: Tool; button: HTMLButtonElement }[];

  /** `beside`: the same tools once more in another place, each with its words. */
  constructor(tools: Tool[], beside: string | null = null) {
    this.made = tools.map((tool) => ({ tool, button: this.make(beside ? { ...tool, words: true } : tool) }));
    const groups = GROUPS.map((group) => ({ group, items: this.made.filter(({ tool }) => tool.group === group) }));
    this.element = h(
      'div',
      { class: beside ?? 'ws-tools', role: 'toolbar', 'aria-label': t(beside ? 'moreTools' : 'workshop') },
      ...groups
        .filter(({ items }) => items.length)
        .map(({ group, items }) => h('div', { class: `tg tg-${group}`, 'data-group': group }, ...items.map((item) => item.button))),
    );
  }

  private make(tool: Tool): HTMLButtonElement {
    const act = () => {
      if (tool.enabled?.() !== false) tool.run();
    };
    const made = button(t(tool.label), tool.icon, act, `tb ${tool.words ? 'tb-words' : ''} ${tool.class ?? ''}`.trim());
    made.dataset.tool = tool.id;
    if (tool.panel) made.dataset.opens = tool.panel;
    if (tool.words) made.append(h('span', {}, t(tool.label)));
    return made;
  }

  update(): void {
    for (const { tool, button: made } of this.made) {
      if (tool.pressed) made.setAttribute('aria-pressed', String(tool.pressed()));
      if (tool.enabled) made.setAttribute('aria-disabled', String(!tool.enabled()));
    }
  }
}
