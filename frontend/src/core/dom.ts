/** Small helpers to build elements. Text of people enters as text, never as markup. */
type Child = Node | string | null | undefined | false;
type Props = Record<string, string | number | boolean | null | undefined | EventListener>;

/** `h('button', {class: 'btn', 'aria-pressed': true, onclick: f}, 'Zet neer')` */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === null || value === undefined) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (typeof value === 'boolean' && !name.startsWith('aria-')) element.toggleAttribute(name, value);
    else element.setAttribute(name, String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== false));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A decorative icon from the sprite (`core/sprite.ts` puts it in the page); the word or the accessible name belongs to the control around it. */
export function icon(name: string, size = 24): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'i');
  svg.setAttribute('width', String(size));
  svg.setAttribute('height', String(size));
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#${name}`);
  svg.append(use);
  return svg;
}

export function button(label: string, symbol: string | null, onclick: () => void, className = 'tb', withText = false): HTMLButtonElement {
  return h(
    'button',
    { type: 'button', class: className, 'aria-label': withText ? null : label, title: withText ? null : label, onclick },
    symbol && icon(symbol),
    withText && label,
  );
}

export function replace(parent: Element, ...children: Child[]): void {
  parent.replaceChildren(...children.filter((child): child is Node | string => !!child));
}

let region: HTMLElement | null = null;

/** Says a sentence to screen readers. The same sentence twice is said twice. */
export function announce(sentence: string): void {
  region ??= document.body.appendChild(h('div', { class: 'vh', 'aria-live': 'polite', role: 'status', id: 'announcer' }));
  region.textContent = region.textContent === sentence ? `${sentence}\u00a0` : sentence;
}

export const calm = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches;

/** Reads the JSON a page hands to a module. */
export function config<T>(element: HTMLElement): T {
  return JSON.parse(element.dataset.config ?? '{}') as T;
}

export function debounce(wait: number, action: () => void): { (): void; cancel(): void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const run = () => {
    clearTimeout(timer);
    timer = setTimeout(action, wait);
  };
  run.cancel = () => clearTimeout(timer);
  return run;
}
