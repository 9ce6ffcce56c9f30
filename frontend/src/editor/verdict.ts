/** A verdict in four parts: mark, word, reason, and what one can do now; the source below it. */
import { h, icon } from '../core/dom';
import { t } from '../core/texts';
import { SERIOUSNESS, type Change, type Verdict } from './model';
import type { Check, Suggestion } from './checker';
import type { Shop } from './shop';

export const VERDICT_CLASS: Record<Verdict, string> = { fits: 'kan', conditional: 'mits', conflict: 'niet', unchecked: 'open' };

const capital = (words: string): string => words.charAt(0).toUpperCase() + words.slice(1);

export function verdictMark(verdict: Verdict, words = capital(t(`v_${verdict}`))): HTMLElement {
  const name = VERDICT_CLASS[verdict];
  return h('span', { class: `v v-${name}` }, icon(`v-${name}`), h('span', {}, words));
}

export const isRefusal = (verdict: Verdict | null): boolean => verdict === 'conflict' || verdict === 'conditional';

/** What the server found about a change; none while it has not answered about it. */
export function checksOf(shop: Shop, change: Change): Check[] {
  return shop.checker.found(change)?.checks ?? [];
}

/** The way out that the server found, if there is one for this change. */
export function suggestionOf(checks: readonly Check[]): Suggestion | null {
  return checks.find((check) => check.suggestion)?.suggestion ?? null;
}

/** The findings that make the verdict what it is. */
export function reasons(checks: readonly Check[], verdict: Verdict): Check[] {
  return verdict === 'fits' ? [] : checks.filter((check) => check.verdict === verdict);
}

/** Everything that could not be checked, in one sentence: what is not known matters more than which rules asked for it. */
export function unknown(checks: readonly Check[]): string {
  const data = [...new Set(checks.filter((check) => check.verdict === 'unchecked').flatMap((check) => check.missing ?? []))];
  return data.length ? t('notKnown', { data: data.join(', ') }) : t('uncheckedWhy');
}

export function verdictBox(verdict: Verdict, checks: readonly Check[]): HTMLElement {
  const found = reasons(checks, verdict);
  const sentences = verdict === 'unchecked' ? [unknown(checks)] : verdict === 'fits' ? [t('noObjection')] : found.map((check) => check.message);
  const [first = '', second, ...more] = new Set(sentences);
  return h(
    'div', { class: `verdict v-${VERDICT_CLASS[verdict]}` }, verdictMark(verdict), h('p', {}, first),
    // On a phone the map must stay in sight: there the second reason waits in the list of all checks.
    second !== undefined && h('p', { class: 'wide-only' }, second),
    more.length > 0 && h('p', { class: 'wide-only muted' }, t('moreReasons', { n: more.length })),
    second !== undefined && h('p', { class: 'narrow-only muted' }, t('moreReasons', { n: more.length + 1 })),
  );
}

/** "Bron: …", with the word for a number that nobody stands for. */
export function sourceLine(checks: readonly Check[]): HTMLElement | null {
  const sources = [...new Set(checks.map((check) => check.source).filter((source): source is string => !!source))];
  const assumed = checks.some((check) => check.assumption);
  if (!sources.length && !assumed) return null;
  const words = sources.length ? sources.slice(0, 2).join('; ') : t('assumption');
  return h('p', { class: 'verdict-source' }, t('source', { source: words }), sources.length && assumed ? ` (${t('partlyAssumed')})` : '');
}

/** Every rule that was asked, to open: what was measured against what, on whose word. */
export function allChecks(checks: readonly Check[], open: boolean, onToggle: (open: boolean) => void): HTMLElement | null {
  if (!checks.length) return null;
  const sorted = [...checks].sort((a, b) => SERIOUSNESS.indexOf(a.verdict) - SERIOUSNESS.indexOf(b.verdict));
  const rows = sorted.map((check) =>
    h(
      'li', {},
      verdictMark(check.verdict, check.title),
      h('p', {}, h('span', { class: 'vh' }, `${t(`v_${check.verdict}`)}: `), check.message),
      check.source || check.assumption ? h('p', { class: 'muted xs' }, check.source ? t('source', { source: check.source }) : t('source', { source: t('assumption') })) : null,
    ),
  );
  const made = h('details', { class: 'verdict-all', open }, h('summary', { 'data-act': 'all-checks' }, checks.length === 1 ? t('oneCheck') : t('allChecks', { n: checks.length })), h('ul', {}, ...rows));
  made.addEventListener('toggle', () => onToggle(made.open));
  return made;
}
