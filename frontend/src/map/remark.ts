/** Saying something about a place: the cross in the middle of the map is the place, by mouse, touch and keyboard alike. */
import type { Map as LibreMap } from 'maplibre-gl';
import { ApiError, type Api } from '../core/api';
import { button, calm, h } from '../core/dom';
import { rounded } from '../core/geo';
import { t } from '../core/texts';

/** While this class is on the map's element, a click chooses the place. */
export const REMARKING = 'map-remarking';

export function addRemarks(map: LibreMap, element: HTMLElement, assignment: string, api: Api): void {
  const cross = h('div', { class: 'map-cross', 'aria-hidden': 'true' });
  const open = button(t('remarkOpen'), 'i-praat', () => show(true), 'btn btn-2 btn-s map-remark-open', true);
  const form = remarkForm(() => show(false), (text, sentiment) => send(text, sentiment));
  // On a phone the form would hide the cross: there it stands below the map.
  const below = matchMedia('(max-width: 820px)').matches ? document.querySelector('.map-list') : null;
  element.append(cross, open);
  if (below) below.prepend(form);
  else element.append(form);

  const aim = () => {
    const at = map.project(map.getCenter());
    cross.style.transform = `translate(${at.x}px, ${at.y}px)`;
  };
  const show = (on: boolean) => {
    element.classList.toggle(REMARKING, on);
    form.hidden = !on;
    open.hidden = on;
    aim();
    (on ? form.querySelector('textarea') : open)?.focus({ preventScroll: true });
    if (on && below) form.scrollIntoView({ block: 'nearest' });
  };
  const send = async (text: string, sentiment: string) => {
    const { lng, lat } = map.getCenter();
    const geometry = rounded({ type: 'Point', coordinates: [lng, lat] });
    await api.write('POST', '/comments', { body: { assignment, text, sentiment, geometry } });
    location.reload();
  };
  map.on('move', aim);
  map.on('resize', aim);
  map.on('click', ({ lngLat }) => {
    if (!form.hidden) map.easeTo({ center: lngLat, duration: calm() ? 0 : 220 });
  });
  form.addEventListener('keydown', (event) => event.key === 'Escape' && show(false));
}

function remarkForm(close: () => void, send: (text: string, sentiment: string) => Promise<void>): HTMLFormElement {
  const text = h('textarea', { id: 'plek-tekst', rows: '3', maxlength: '2000', 'aria-describedby': 'plek-hulp' });
  const sentiment = h(
    'select',
    { id: 'plek-oordeel' },
    h('option', { value: 'neutral' }, t('remarkNeutral')),
    h('option', { value: 'for' }, t('remarkFor')),
    h('option', { value: 'against' }, t('remarkAgainst')),
  );
  const error = h('p', { class: 'error-text', role: 'alert', hidden: true });
  const submit = h('button', { type: 'submit', class: 'btn btn-1 btn-s' }, t('remarkSend'));
  const form = h(
    'form',
    { class: 'map-panel map-remark', 'aria-label': t('remarkOpen'), hidden: true, novalidate: true },
    h('p', { id: 'plek-hulp' }, t('remarkHint')),
    error,
    h('div', { class: 'field' }, h('label', { class: 'l', for: 'plek-tekst' }, t('remarkText')), text),
    h('div', { class: 'field' }, h('label', { class: 'l', for: 'plek-oordeel' }, t('remarkSentiment')), sentiment),
    h('div', { class: 'form-actions' }, submit, button(t('cancel'), null, close, 'btn btn-3 btn-s', true)),
    h('p', { class: 'hint' }, t('remarkPublic')),
  );
  const fail = (sentence: string) => {
    error.hidden = false;
    error.textContent = sentence;
    submit.disabled = false;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!text.value.trim()) {
      text.focus();
      return fail(t('remarkEmpty'));
    }
    submit.disabled = true;
    error.hidden = true;
    send(text.value, sentiment.value).catch((reason: unknown) => fail(whyNot(reason)));
  });
  return form;
}

function whyNot(reason: unknown): string {
  if (!(reason instanceof ApiError)) return t('remarkFailed');
  return reason.problems.map((problem) => problem.message).join(' ') || reason.detail || reason.title;
}
