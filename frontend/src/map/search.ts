/** The search box as an ARIA combobox: type, arrow keys, Enter; the server tolerates typos. */
import type { Feature, FeatureCollection, Point } from 'geojson';
import type { Api } from '../core/api';
import { debounce, h, icon } from '../core/dom';
import { hasText, t } from '../core/texts';

export type Place = Feature<Point, { label: string; kind: string; street?: string | null; house_number?: string | null }>;

export interface SearchOptions {
  api: Pick<Api, 'get'>;
  neighbourhood?: string | undefined;
  onChoose: (place: Place) => void;
  wait?: number;
  /** The field's name, where it is not a search of the whole map. */
  label?: string;
}

let count = 0;

export class SearchBox {
  readonly element: HTMLElement;
  readonly input: HTMLInputElement;
  private readonly list: HTMLUListElement;
  private readonly status: HTMLElement;
  private places: Place[] = [];
  /** What was typed when these were asked for. */
  private query = '';
  private active = -1;
  private running: AbortController | null = null;
  private readonly id = `zoek-${++count}`;
  private readonly ask: ReturnType<typeof debounce>;

  constructor(private readonly options: SearchOptions) {
    this.ask = debounce(options.wait ?? 200, () => void this.search());
    const label = options.label ?? t('searchLabel');
    this.input = h('input', {
      type: 'search', id: this.id, role: 'combobox', autocomplete: 'off', spellcheck: 'false', placeholder: options.label ? null : label,
      'aria-label': label, 'aria-expanded': 'false', 'aria-controls': `${this.id}-lijst`, 'aria-autocomplete': 'list',
    });
    this.list = h('ul', { id: `${this.id}-lijst`, role: 'listbox', 'aria-label': label, class: 'search-list', hidden: true });
    this.status = h('p', { class: 'search-status', role: 'status', hidden: true });
    this.element = h('div', { class: 'search-box' }, icon('i-zoek'), this.input, this.list, this.status);
    this.input.addEventListener('input', () => this.ask());
    this.input.addEventListener('keydown', (event) => this.key(event));
    this.input.addEventListener('blur', () => setTimeout(() => this.close(), 150));
  }

  /** Asks the server; only the newest question may show its answer. */
  async search(): Promise<void> {
    this.running?.abort();
    const query = this.input.value.trim();
    this.query = query;
    if (query.length < 2) return this.show([], '');
    const running = (this.running = new AbortController());
    const values = new URLSearchParams({ q: query, limit: '8' });
    if (this.options.neighbourhood) values.set('neighbourhood', this.options.neighbourhood);
    try {
      const { data } = await this.options.api.get<FeatureCollection>(`/search?${values}`, running.signal);
      if (running !== this.running) return;
      const found = data.features as Place[];
      this.show(found, found.length === 0 ? t('searchNone', { q: query }) : found.length === 1 ? t('searchOne') : t('searchFound', { n: found.length }));
    } catch {
      if (running === this.running && !running.signal.aborted) this.show([], t('searchFailed'));
    }
  }

  private show(places: Place[], sentence: string): void {
    this.places = places;
    this.active = -1;
    this.list.replaceChildren(...places.map((place, i) => this.option(place, i)));
    this.list.hidden = places.length === 0;
    this.input.setAttribute('aria-expanded', String(places.length > 0));
    this.input.removeAttribute('aria-activedescendant');
    this.status.hidden = !sentence;
    this.status.classList.toggle('vh', places.length > 0);
    this.status.textContent = sentence;
  }

  private option(place: Place, index: number): HTMLLIElement {
    const kind = place.properties.kind;
    return h(
      'li',
      { role: 'option', id: `${this.id}-${index}`, 'aria-selected': 'false', onmousedown: (event) => event.preventDefault(), onclick: () => this.choose(index) },
      h('span', {}, place.properties.label),
      h('span', { class: 'muted xs' }, hasText(kind) ? t(kind) : kind),
    );
  }

  private key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && !this.list.hidden) this.close();
    else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') this.move(event.key === 'ArrowDown' ? 1 : -1);
    else if (event.key === 'Enter') void this.enter();
    else return;
    event.preventDefault();
  }

  private async enter(): Promise<void> {
    // Who types on and presses Enter at once means what is typed, not what was found for the beginning of it.
    if (this.places.length === 0 || (this.active < 0 && this.query !== this.input.value.trim())) {
      this.ask.cancel();
      await this.search();
    }
    if (this.places.length > 0) this.choose(Math.max(0, this.active));
  }

  private move(step: number): void {
    if (this.places.length === 0) return;
    this.active = (this.active + step + this.places.length + (this.active < 0 && step < 0 ? 1 : 0)) % this.places.length;
    this.list.hidden = false;
    this.input.setAttribute('aria-expanded', 'true');
    this.input.setAttribute('aria-activedescendant', `${this.id}-${this.active}`);
    [...this.list.children].forEach((item, i) => {
      item.setAttribute('aria-selected', String(i === this.active));
      if (i === this.active) item.scrollIntoView?.({ block: 'nearest' });
    });
  }

  private choose(index: number): void {
    const place = this.places[index];
    if (!place) return;
    this.input.value = place.properties.label;
    this.close();
    this.options.onChoose(place);
  }

  close(): void {
    this.show([], '');
  }
}
