/** Questions that need an answer: submitting, and what to do when somebody else saved meanwhile. */
import { button, h } from '../core/dom';
import { t } from '../core/texts';
import type { Problem } from '../core/api';

function modal(title: string, ...parts: (HTMLElement | null)[]): HTMLDialogElement {
  const heading = h('h2', { id: 'dialoog-titel', tabindex: '-1' }, title);
  const dialog = h('dialog', { class: 'ws-dialog', 'aria-labelledby': 'dialoog-titel' }, heading, ...parts);
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

export interface SubmitQuestion {
  title: string;
  story: string;
  version: boolean;
  /** Sends it; rejects with an error whose message says why not. */
  send: (title: string, story: string) => Promise<void>;
  /** Keeps what is typed, also when the dialog is left. */
  keep: (title: string, story: string) => void;
}

export function askSubmit(question: SubmitQuestion): HTMLDialogElement {
  const title = h('input', { id: 'veld-titel', type: 'text', maxlength: '120', autocomplete: 'off', required: true, 'aria-describedby': 'veld-titel-hulp', value: question.title });
  const story = h('textarea', { id: 'veld-verhaal', rows: '4', maxlength: '4000' }, question.story);
  const error = h('p', { class: 'error-text', role: 'alert', hidden: true });
  const send = h('button', { type: 'submit', class: 'btn btn-1' }, t(question.version ? 'submitVersion' : 'submit'));
  const form = h(
    'form',
    { novalidate: true },
    error,
    h('div', { class: 'field' }, h('label', { for: 'veld-titel', class: 'l' }, t('fieldTitle')), h('p', { id: 'veld-titel-hulp', class: 'hint' }, t('titleHint')), title),
    h('div', { class: 'field' }, h('label', { for: 'veld-verhaal', class: 'l' }, t('fieldStory')), story),
    h('div', { class: 'form-actions' }, send, button(t('cancel'), null, () => dialog.close(), 'btn btn-3', true)),
  );
  const dialog = modal(t('submitTitle'), h('p', {}, t('submitText')), form);
  dialog.addEventListener('close', () => question.keep(title.value, story.value));
  const fail = (sentence: string) => {
    error.hidden = false;
    error.textContent = sentence;
  };
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!title.value.trim()) {
      title.setAttribute('aria-invalid', 'true');
      title.focus();
      return fail(t('titleMissing'));
    }
    title.removeAttribute('aria-invalid');
    send.disabled = true;
    send.textContent = t('submitting');
    question.send(title.value.trim(), story.value.trim()).catch((reason: unknown) => {
      send.disabled = false;
      send.textContent = t(question.version ? 'submitVersion' : 'submit');
      fail(reason instanceof Error ? reason.message : String(reason));
    });
  });
  title.focus();
  return dialog;
}

export interface ConflictQuestion {
  mine: number;
  theirs: number;
  keepMine: () => void;
  takeTheirs: () => void;
  saveAsNew: () => void;
}

export function askConflict(question: ConflictQuestion): HTMLDialogElement {
  const choice = (label: string, run: () => void, className: string) =>
    button(label, null, () => ((chosen = true), dialog.close(), run()), className, true);
  let chosen = false;
  const dialog = modal(
    t('conflictTitle'),
    h('p', {}, t('conflictText')),
    h('ul', { class: 'stones' }, h('li', {}, t('mineCount', { n: question.mine })), h('li', {}, t('theirsCount', { n: question.theirs }))),
    h(
      'div',
      { class: 'dialog-choices' },
      choice(t('keepMine'), question.keepMine, 'btn btn-1'),
      choice(t('takeTheirs'), question.takeTheirs, 'btn btn-2'),
      choice(t('saveAsNew'), question.saveAsNew, 'btn btn-2'),
    ),
  );
  // The choice is needed to go on saving: Escape would leave the drawing in between.
  dialog.addEventListener('cancel', (event) => event.preventDefault());
  // Browsers close it all the same when Escape is pressed again.
  dialog.addEventListener('close', () => {
    if (chosen) return;
    document.body.append(dialog);
    dialog.showModal();
  });
  dialog.dataset.dialog = 'conflict';
  return dialog;
}

/** Index of the change that a problem's pointer is about, or null. */
export function changeOf(problem: Problem): number | null {
  const found = /\/changes(?:\/features)?\/(\d+)/.exec(problem.pointer);
  return found ? Number(found[1]) : null;
}

export function problemList(problems: Problem[], nameAt: (index: number) => string | null, select: (index: number) => void): HTMLElement {
  return h(
    'div',
    { class: 'error-list', role: 'alert', tabindex: '-1' },
    h('h2', {}, t('problemsTitle')),
    h(
      'ul',
      {},
      ...problems.map((problem) => {
        const index = changeOf(problem);
        const name = index === null ? null : nameAt(index);
        if (index === null || name === null) return h('li', {}, problem.message);
        return h('li', {}, button(t('problemChange', { n: index + 1, name }), null, () => select(index), 'link-btn', true), ' ', problem.message);
      }),
    ),
  );
}
