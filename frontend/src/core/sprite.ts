/**
 * The icon sprite as part of the page: icons made later need no request, so they also show without a connection.
 */
let loading: Promise<Map<string, SVGSymbolElement>> | null = null;

/** Symbol id → symbol. A sprite that cannot be had leaves words without pictures, never a broken page. */
export function sprite(): Promise<Map<string, SVGSymbolElement>> {
  loading ??= fetch('/static/icons.svg')
    .then((answer) => (answer.ok ? answer.text() : ''))
    .catch(() => '')
    .then((text) => (text ? include(text) : new Map<string, SVGSymbolElement>()));
  return loading;
}

function include(text: string): Map<string, SVGSymbolElement> {
  const file = new DOMParser().parseFromString(text, 'image/svg+xml');
  const symbols = [...file.querySelectorAll('symbol')];
  const holder = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  holder.setAttribute('class', 'vh');
  holder.setAttribute('aria-hidden', 'true');
  holder.append(...symbols.map((symbol) => document.importNode(symbol, true)));
  document.body.prepend(holder);
  return new Map(symbols.map((symbol) => [symbol.id, symbol]));
}
