/** What one sets in the 3D view: the hour and day of the sun, and the age of new trees; and what the signs mean. */
import { announce, h } from '../core/dom';
import { number } from '../core/texts';
import { AGES, type Age } from './plants';
import { clockOf, indexAt, START_HOUR, wind, type SunAt, type SunDay } from './sun';
import { s, type SceneKey } from './texts';

export interface PanelActs {
  sun(at: SunAt | null): void;
  age(age: Age): void;
  date(date: string): void;
}

/** Signs that are there, for the legend; those of a design only where there is one. */
export interface Signs {
  known: boolean;
  estimated: boolean;
  widths: boolean;
  trees: boolean;
  design: boolean;
}

const [FIRST, LAST] = ['1900-01-01', '2100-12-31'];

export class Panel {
  readonly element: HTMLElement;
  readonly more: HTMLDetailsElement;
  private readonly slider = h('input', { type: 'range', class: 'scene-hour', min: 0, max: 1, step: 1, value: 0, disabled: true, oninput: () => this.slid() });
  private readonly clock = h('output', { class: 'scene-clock' });
  private readonly day = h('input', { type: 'date', min: FIRST, max: LAST, onchange: () => this.dated() });
  private readonly words = h('p', { class: 'scene-sun', role: 'status' });
  /** What the signs mean; the view gives it a place of its own where there is room. */
  readonly legend = h('ul', { class: 'scene-legend', 'aria-label': s('legend') });
  private positions: SunAt[] = [];
  private hour = START_HOUR;

  constructor(
    date: string,
    private readonly acts: PanelActs,
  ) {
    this.day.value = date;
    this.more = h('details', { class: 'scene-more' }, h('summary', {}, s('more')), h('label', { class: 'scene-day' }, s('date'), this.day), this.words, h('p', { class: 'scene-note' }, s('growth')));
    this.element = h(
      'section',
      { class: 'scene-panel', 'aria-label': s('light') },
      h('label', { class: 'scene-time' }, h('span', {}, s('hour')), this.slider, this.clock),
      this.ages(),
      this.more,
    );
  }

  private ages(): HTMLElement {
    const choose = (age: Age) => () => {
      this.acts.age(age);
      announce(s('ageIs', { age: s(`age${age}`) }));
    };
    const one = (age: Age) =>
      h('label', {}, h('input', { type: 'radio', name: 'scene-age', value: age, checked: age === 0, onchange: choose(age) }), h('span', {}, s(`age${age}`)));
    return h('fieldset', { class: 'scene-ages' }, h('legend', {}, s('age')), h('div', {}, ...AGES.map(one)));
  }

  /** A new day: the hour stays as near as the sun allows. */
  show(day: SunDay | null): void {
    this.positions = day?.positions ?? [];
    const index = indexAt(this.positions, this.hour);
    this.slider.disabled = index < 0;
    this.slider.max = String(Math.max(1, this.positions.length - 1));
    this.slider.value = String(Math.max(0, index));
    // What is wrong must be seen, also while the details are closed.
    if (!this.positions.length) this.more.open = true;
    if (!day) this.words.textContent = s('sunFailed');
    else if (day.sunrise && day.sunset) this.words.textContent = s('sunUp', { up: clockOf(day.sunrise), down: clockOf(day.sunset) });
    else this.words.textContent = s(this.positions.length ? 'sunAlways' : 'sunNone');
    this.tell();
  }

  private slid(): void {
    const at = this.positions[Number(this.slider.value)];
    if (at) this.hour = clockOf(at.time);
    this.tell();
  }

  private tell(): void {
    const at = this.positions[Number(this.slider.value)] ?? null;
    this.clock.textContent = at ? clockOf(at.time) : '–';
    this.slider.setAttribute('aria-valuetext', at ? spoken(at) : s('sunNone'));
    this.acts.sun(at);
  }

  private dated(): void {
    const { value } = this.day;
    if (value >= FIRST && value <= LAST) this.acts.date(value);
  }

  signs(shown: Signs): void {
    const lines: [boolean, string, SceneKey][] = [
      [shown.known, 'known', 'legendBuilding'], [shown.estimated, 'estimated', 'legendEstimated'], [shown.widths, 'widths', 'legendWidth'],
      [shown.trees, 'tree', 'legendTree'], [shown.design, 'new', 'legendNew'], [shown.design, 'gone', 'legendGone'],
    ];
    this.legend.replaceChildren(...lines.filter(([there]) => there).map(([, sign, key]) => h('li', {}, h('i', { class: `scene-sign sign-${sign}`, 'aria-hidden': 'true' }), s(key))));
  }
}

/** `14:00 uur, de zon staat in het zuiden, 61 graden hoog`. */
export function spoken(at: SunAt): string {
  return s('hourShadow', { time: clockOf(at.time), wind: s('winds').split(',')[wind(at.azimuth_deg)]!, height: number(Math.max(0, at.elevation_deg)) });
}
