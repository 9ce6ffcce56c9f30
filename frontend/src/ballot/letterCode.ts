/**
 * The code from a letter, when somebody came by the square code on it: it stands behind the `#` of the address, which no
 * server sees. It goes into its field, and out of the address (and so out of the history of a shared computer) at once.
 */
import { h } from '../core/dom';
import { t } from '../core/texts';

/** The code in a fragment such as `#code=7H2K9QRD4M0W`; null for any other. */
export function codeIn(fragment: string): string | null {
  const found = /^#code=([0-9A-Za-z-]{12,20})$/.exec(fragment);
  return found?.[1] ?? null;
}

/** As it is printed: in groups of four. */
export function grouped(code: string): string {
  return (code.toUpperCase().replace(/-/g, '').match(/.{1,4}/g) ?? []).join('-');
}

export function start(element: HTMLElement): void {
  const said = h('p', { class: 'hint', role: 'status' });
  const fill = (): void => {
    const code = codeIn(location.hash);
    const field = element.querySelector<HTMLInputElement>('input[name="code"]');
    if (code === null || !field) return;
    history.replaceState(history.state, '', location.pathname + location.search);
    field.value = grouped(code);
    field.dispatchEvent(new Event('input', { bubbles: true }));
    field.after(said);
    said.textContent = t('letterCodeFilled');
  };
  fill();
  // A second letter, read while the page is still open.
  addEventListener('hashchange', fill);
}
