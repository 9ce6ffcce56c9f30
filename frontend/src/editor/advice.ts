/**
 * Keeps the advice about the chosen element up to date: asks for a way out when it does not fit, shows on the map where it
 * pinches, and says a new verdict to who cannot see it.
 */
import type { Feature } from 'geojson';
import { announce } from '../core/dom';
import { t } from '../core/texts';
import { show } from '../map/show';
import { token } from '../map/style';
import type { MakePart } from './bench';
import { checksOf, isRefusal, reasons, unknown } from './verdict';

const SOURCE = 'pinch';

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
    const places = change && verdict && !bench.canvas?.hidden ? reasons(checksOf(bench.shop, change), verdict).flatMap((check) => check.geometry ?? []) : [];
    const features: Feature[] = places.map((geometry) => ({ type: 'Feature', properties: { verdict }, geometry }));
    show(bench.canvas?.map, SOURCE, features);
  };

  return {
    mapReady({ map }) {
      map.addSource(SOURCE, { type: 'geojson', data: { type: 'FeatureCollection', features: [] } });
      map.addLayer({ id: 'pinch-halo', type: 'line', source: SOURCE, paint: { 'line-color': '#fff', 'line-width': 8 }, layout: { 'line-cap': 'round' } });
      map.addLayer({
        id: 'pinch', type: 'line', source: SOURCE, layout: { 'line-cap': 'round' },
        paint: { 'line-color': ['match', ['get', 'verdict'], 'conflict', token('color-niet'), token('color-mits')], 'line-width': 4 },
      });
    },
    update() {
      const change = bench.store.selected;
      const verdict = change ? bench.shop.verdictOf(change) : null;
      if (change && isRefusal(verdict)) void bench.shop.checker.advise(bench.store.state.changes.indexOf(change));
      mark();
      speak();
    },
  };
};
