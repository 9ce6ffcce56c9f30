/** Sentences on the map: some go by themselves, some stay until they are closed. */
import { announce, button, h } from '../core/dom';
import { t } from '../core/texts';

const FLASH_MS = 6000;

export class Notes {
  readonly element = h('div', { class: 'ws-notes' });

  flash(sentence: string): void {
    announce(sentence);
    const note = h('p', { class: 'note note-warn ws-flash' }, h('span', {}), sentence);
    this.element.querySelector('.ws-flash')?.remove();
    this.element.append(note);
    setTimeout(() => note.remove(), FLASH_MS);
  }

  /** The same sentence is shown once. */
  stay(sentence: string, action: HTMLElement | null = null, onClose: () => void = () => undefined): void {
    if ([...this.element.children].some((known) => known.firstElementChild?.textContent === sentence)) return;
    const note = h('div', { class: 'note ws-note', role: 'status' }, h('p', {}, sentence), action);
    note.append(button(t('close'), 'i-sluit', () => (note.remove(), onClose())));
    this.element.append(note);
  }
}
