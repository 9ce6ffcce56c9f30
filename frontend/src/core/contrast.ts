/** The button in the footer for more contrast. */
import { chosenContrast, showContrast, storeContrast } from './preferences';

export function start(button: HTMLElement): void {
  const show = (more: boolean) => {
    showContrast(more);
    button.setAttribute('aria-pressed', String(more));
  };
  show(chosenContrast() === 'more');
  button.hidden = false;
  button.addEventListener('click', () => {
    const more = document.documentElement.dataset.contrast !== 'more';
    show(more);
    storeContrast(more);
  });
}
