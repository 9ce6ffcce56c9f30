/**
 * The page on which a ballot is sent. Without this file it is a plain form. With it, a lost connection leaves the page as
 * it is, with a sentence, and the same button tries again: sending the same ballot twice is harmless.
 */
import { t } from '../core/texts';
import { h, icon, replace } from '../core/dom';
import { sprite } from '../core/sprite';
import { forget } from './keep';

const PATIENCE_MS = 20_000;
/** Answers that say something about the ballot, and so take the place of the page. Others are about the line. */
const ABOUT_THE_BALLOT = new Set([200, 400, 401, 403, 404, 409, 422]);

export function start(element: HTMLElement): void {
  const form = element as HTMLFormElement;
  void sprite();
  form.addEventListener('submit', (event) => {
    const submitter = event.submitter as HTMLButtonElement | null;
    // "Change" is another address, and may go the plain way.
    if (submitter?.hasAttribute('formaction')) return;
    event.preventDefault();
    void send(form, submitter);
  });
  form.dataset.ready = '1';
}

async function send(form: HTMLFormElement, submitter: HTMLButtonElement | null): Promise<void> {
  if (form.dataset.busy) return;
  form.dataset.busy = '1';
  submitter?.setAttribute('aria-disabled', 'true');
  say(form, t('ballotSending'), 'i-klok');
  try {
    const answer = await fetch(form.action, {
      method: 'POST', body: new URLSearchParams(new FormData(form) as unknown as Record<string, string>), redirect: 'follow',
      headers: { Accept: 'text/html' }, signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (!ABOUT_THE_BALLOT.has(answer.status)) {
      say(form, answer.status === 429 ? t('ballotTooMany') : t('ballotBusy'), 'v-mits', true);
      return;
    }
    show(await answer.text());
  } catch {
    // Perhaps it arrived and only the answer was lost; a second one takes its place then.
    say(form, t('ballotOffline'), 'v-mits', true);
  } finally {
    delete form.dataset.busy;
    submitter?.removeAttribute('aria-disabled');
  }
}

function say(form: HTMLFormElement, sentence: string, symbol: string, warn = false): void {
  const place = form.querySelector<HTMLElement>('[data-said]');
  if (!place) return;
  const note = h('p', { class: warn ? 'note note-warn' : 'note' });
  note.append(icon(symbol), h('span', {}, sentence));
  replace(place, note);
}

/** Puts the answer's page in the place of this one. */
function show(html: string): void {
  const page = new DOMParser().parseFromString(html, 'text/html');
  const main = page.querySelector('main');
  const here = document.querySelector('main');
  if (!main || !here) return;
  here.replaceWith(document.adoptNode(main));
  document.title = page.title;
  const done = main.querySelector<HTMLElement>('[data-module="ballot-done"]');
  if (done) finish(done);
  for (const form of main.querySelectorAll<HTMLElement>('[data-module="ballot-send"]')) start(form);
  window.scrollTo(0, 0);
  const heading = main.querySelector<HTMLElement>('[role="alert"], h1');
  heading?.setAttribute('tabindex', '-1');
  heading?.focus();
}

/** The receipt is there, so the server has the ballot: what this tab kept may go. */
export function finish(element: HTMLElement): void {
  forget(element.dataset.round ?? '');
  const print = element.querySelector<HTMLButtonElement>('button[data-print]');
  if (print) {
    print.hidden = false;
    print.addEventListener('click', () => window.print());
  }
}
