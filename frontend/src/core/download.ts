/**
 * A form whose answer is a file: letters that come only once. Without this file the browser saves it and leaves the page as
 * it was, old mistakes and all. With it, the page comes again and says what was made.
 */
import { t } from './texts';
import { h } from './dom';

const SAVING_MS = 1_500;

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void send(form);
  });
  form.dataset.ready = '1';
}

async function send(form: HTMLFormElement): Promise<void> {
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  say(form, t('fileMaking'));
  try {
    const answer = await fetch(form.action, { method: 'POST', body: new FormData(form) });
    if (answer.headers.get('Content-Type')?.startsWith('application/pdf')) {
      save(await answer.blob(), nameOf(answer.headers.get('Content-Disposition') ?? ''));
      say(form, t('fileMade'));
      // The page itself then says what was made. Not at once: the browser is still taking the file.
      setTimeout(() => location.assign(location.pathname), SAVING_MS);
      return;
    }
    // Something is wrong in the form. The plain way shows it, with all that belongs to the page.
    form.submit();
  } catch {
    say(form, t('fileFailed'));
    // Only now may it be asked again: a second letter would make the first one worthless.
    delete form.dataset.busy;
  }
}

/** The name in `attachment; filename="brieven.pdf"`. */
export function nameOf(disposition: string): string {
  return /filename="([^"\\/]+)"/.exec(disposition)?.[1] ?? 'brieven.pdf';
}

function save(file: Blob, name: string): void {
  const address = URL.createObjectURL(file);
  const link = h('a', { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
}

function say(form: HTMLFormElement, sentence: string): void {
  let place = form.querySelector<HTMLElement>('[data-said]');
  if (!place) {
    place = h('div', { role: 'status' });
    place.dataset.said = '';
    form.append(place);
  }
  place.textContent = sentence;
}
