/**
 * Keeps the advice about the chosen element up to date: asks for a way out when it does not fit, shows on the map where it
 * pinches, and says a new verdict to who cannot see it.
 */
import { announce } from '../core/dom';
import { t } from '../core/texts';
import type { MakePart } from './bench';
import { checksOf, isRefusal, reasons, unknown } from './verdict';

export const advice: MakePart = (bench) => {
  let said = '';

  /** The verdict of the chosen element, once per verdict: not again with every centimetre. */
  const speak = (): void => {
    const change = bench.store.selected;
    const verdict = change ? bench.shop.verdictOf(change) : null;
    if (!change || !verdict || bench.shop.checker.freshness !== 'fresh') return;
    const checks = checksOf(bench.shop, change);
    const why = verdict === 'unchecked' ? unknown(checks) : (reasons(checks, verdict)[0]?.message ?? '');
    const key = `${change.key} ${verdict} ${why}`;
    if (key === said) return;
    said = key;
    announce(`${bench.shop.nameOf(change)}: ${t(`v_${verdict}`)}. ${why}`);
  };

  const mark = (): void => {
    const change = bench.store.selected;
    const verdict = change ? bench.shop.verdictOf(change) : null;
    const places = change && verdict && bench.shop.checker.isCurrent(change) && !bench.canvas?.hidden ? reasons(checksOf(bench.shop, change), verdict).flatMap((check) => check.geometry ?? []) : [];
    bench.canvas?.over.show('pinch', places.map((geometry) => ({ geometry, looks: ['over-pinch-halo', `over-pinch over-${verdict}`] })));
  };

  return {
    update() {
      const change = bench.store.selected;
      const verdict = change ? bench.shop.verdictOf(change) : null;
      if (change && isRefusal(verdict)) void bench.shop.checker.advise(bench.store.state.changes.indexOf(change));
      mark();
      speak();
    },
  };
};
