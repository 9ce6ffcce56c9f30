/**
 * The workshop: puts palette, map, card, effects, list and the other parts together.
 *
 * Who wants to hang something in it (a tool, a switch, a panel) writes a part as in `bench.ts` and names it in `parts.ts`.
 * Keeping and sending the drawing is `keeper.ts`, sentences on the map `notes.ts`, the words beside a tool `hint.ts`.
 */
import type { Position } from 'geojson';
import { Api } from '../core/api';
import { config, h } from '../core/dom';
import { centre } from '../core/geo';
import { sprite } from '../core/sprite';
import { t } from '../core/texts';
import { addControls, fallback, makeMap, markReady, NoWebGL } from '../map/base';
import { Acts } from './acts';
import { anchor } from './anchor';
import type { Bench, Panel, Part, Tool } from './bench';
import { Canvas } from './canvas';
import { Card } from './card';
import { Checker } from './checker';
import { Effects, shortFigures } from './effects';
import { Hint } from './hint';
import { Keeper } from './keeper';
import { List } from './list';
import type { Catalogue, ElementKind } from './model';
import { Notes } from './notes';
import { Palette } from './palette';
import { PARTS } from './parts';
import { Sheet } from './sheet';
import { Shop, sketchOf, type EditorConfig } from './shop';
import type { Store } from './store';
import { Toolbar } from './toolbar';

export async function start(element: HTMLElement): Promise<void> {
  void sprite();
  await new Workshop(element, config<EditorConfig>(element)).open();
}

class Workshop implements Bench {
  readonly api: Api;
  readonly shop: Shop;
  readonly store: Store;
  readonly acts: Acts;
  readonly sheet: Sheet;
  readonly mapBox = h('div', { class: 'ws-map' });
  canvas: Canvas | null = null;
  private readonly keeper: Keeper;
  private readonly checker: Checker;
  private readonly palette: Palette;
  private readonly card: Card;
  private readonly effects: Effects;
  private readonly list: List;
  private readonly hint: Hint;
  private readonly notes = new Notes();
  private readonly parts: Part[];
  private due = false;
  private fromList = false;
  private readonly toolbar: Toolbar;
  /** On phones what one draws with stands in the palette: the bar above the map has no room for it. */
  private readonly drawTools: Toolbar;

  constructor(
    readonly root: HTMLElement,
    readonly settings: EditorConfig,
  ) {
    this.api = new Api(settings.apiBase, settings.lang, settings.csrf ?? null);
    this.keeper = new Keeper({
      api: this.api, settings, notes: this.notes, root, status: root.querySelector('[data-status]') ?? h('p', { class: 'saved', role: 'status' }),
      shop: () => this.shop, select: (key) => this.acts.select(key), onLoad: () => void this.knowThings(),
    });
    this.store = this.keeper.store;
    this.shop = new Shop(settings, this.store, this.api);
    this.acts = new Acts(this.shop);
    this.checker = this.shop.checker = new Checker(this.api, () => (this.store.state.changes.length ? this.keeper.body() : null), () => this.store.state.changes, () => this.figures());
    const bearing = () => this.bearing();
    this.palette = new Palette(this.shop, this.acts, (kind, x, y) => this.drop(kind, x, y), () => void this.loadCatalogue(), () => this.canvas?.map.getCanvas().focus(), () => this.sheet.show('palette'));
    this.card = new Card(this.shop, this.acts, bearing);
    this.card.onSize = () => (this.anchorCard(), this.freePart());
    this.card.onGone = () => this.canvas?.map.getCanvas().focus({ preventScroll: true });
    this.effects = new Effects(this.shop, this.acts);
    this.list = new List({
      shop: this.shop, acts: this.acts, middle: () => this.middle(), bearing, hold: (run) => this.sheet.hold(run),
      show: (change) => {
        this.acts.select(change.key);
        this.sheet.show('');
        this.canvas?.show(change.geometry);
      },
    });
    this.hint = new Hint(this.shop, this.acts, () => this.canvas, () => this.sheet.show('address'));
    this.sheet = new Sheet(root, () => this.freePart());
    this.parts = PARTS.map((make) => make(this));
    const tools = [...this.ownTools(), ...this.parts.flatMap((part) => part.tools ?? [])];
    this.toolbar = new Toolbar(tools);
    this.drawTools = new Toolbar(tools.filter((tool) => tool.group === 'draw'), 'pal-tools');
    this.palette.element.prepend(this.drawTools.element);
  }

  async open(): Promise<void> {
    this.build();
    this.listen();
    void this.loadCatalogue();
    void this.knowThings();
    await this.openMap();
    this.render();
    this.checker.ask();
    this.keeper.begin();
  }

  // --- building -----------------------------------------------------------------------------------------------

  private ownTools(): Tool[] {
    return [
      { id: 'undo', group: 'history', label: 'undo', icon: 'i-undo', run: () => this.acts.undo(), enabled: () => this.store.state.past.length > 0 },
      { id: 'redo', group: 'history', label: 'redo', icon: 'i-redo', run: () => this.acts.redo(), enabled: () => this.store.state.future.length > 0 },
      { id: 'effects', group: 'panels', label: 'tabEffects', icon: 'i-euro', words: true, run: () => this.sheet.toggle('effects'), panel: 'effects', class: 'ws-drawer-button' },
      { id: 'list', group: 'panels', label: 'asList', icon: 'i-lijst', words: true, run: () => this.sheet.toggle('list'), panel: 'list', class: 'ws-list-button' },
    ];
  }

  private ownPanels(): Panel[] {
    return [
      { name: 'palette', title: 'paletteTitle', className: 'ws-pal', element: this.palette.element, place: 'left', tab: { label: 'tabPlace', icon: 'i-plus', order: 1 } },
      { name: 'effects', title: 'effectsTitle', className: 'ws-con', element: this.effects.element, place: 'right', tab: { label: 'tabEffects', icon: 'i-euro', order: 2 } },
      { name: 'list', title: 'listTitle', className: 'ws-list', element: this.list.element, place: 'over', tab: { label: 'tabList', icon: 'i-lijst', order: 4 } },
    ];
  }

  private build(): void {
    const panels = [...this.ownPanels(), ...this.parts.flatMap((part) => part.panel ?? [])];
    const made = new Map(panels.map((panel) => [panel.name, this.sheet.panel(panel)]));
    this.mapBox.append(h('div', { class: 'map-canvas' }), this.toolbar.element, this.hint.element, this.notes.element, this.card.element);
    this.root.querySelector('[data-rest]')?.remove();
    this.root.append(made.get('palette')!, this.mapBox, ...[...made].filter(([name]) => name !== 'palette').map(([, element]) => element), this.sheet.tabs(panels));
    this.root.classList.add('ws-ready');
    const submit = this.root.querySelector<HTMLButtonElement>('[data-submit]');
    submit?.addEventListener('click', () => this.keeper.submit());
    if (submit && this.keeper.submitted) submit.textContent = t('submitVersion');
    if (submit && !this.settings.assignment.open) {
      submit.disabled = true;
      this.notes.stay(this.settings.assignment.closed || t('closed'));
    }
  }

  private async openMap(): Promise<void> {
    const box = this.mapBox.querySelector<HTMLElement>('.map-canvas')!;
    try {
      const map = await makeMap(box, {
        ...this.settings, bbox: this.settings.assignment.bbox, place: this.settings.assignment.title, padding: 12,
        label: t('editorMapName', { place: this.settings.assignment.title }), keyboard: false,
      });
      addControls(map, this.mapBox, this.settings.attribution);
      // Past the forty kinds of the palette, for who goes by keyboard.
      document.querySelector('.skip')?.after(h('button', { type: 'button', class: 'skip', onclick: () => map.getCanvas().focus() }, t('toMap')));
      this.canvas = new Canvas(map, this.shop, this.acts, this.mapBox);
      this.canvas.onView = () => this.anchorCard();
      this.canvas.onSketch = () => this.hint.figure();
      this.freePart();
      this.followCard();
      for (const part of this.parts) part.mapReady?.(this.canvas);
      markReady(map);
    } catch (error) {
      if (!(error instanceof NoWebGL)) throw error;
      fallback(box, this.settings.svgUrl, t('noWebglEditor'));
      this.sheet.show('list');
      markReady(null);
    }
  }

  private async loadCatalogue(): Promise<void> {
    try {
      const { data } = await this.api.get<Catalogue>('/catalogue');
      this.shop.catalogue = data;
      this.shop.kinds = new Map(data.elements.map((kind) => [kind.id, kind]));
      this.palette.show(data);
      this.render();
    } catch {
      this.palette.failed();
    }
  }

  /** Existing things that the drawing is about, for their names, icons and old places. */
  private async knowThings(): Promise<void> {
    const ids = new Set(this.store.state.changes.flatMap((c) => (c.object === null ? [] : [c.object])));
    await Promise.all([...ids].map((id) => this.shop.thing(id)));
    if (ids.size) this.render();
  }

  // --- what happens ----------------------------------------------------------------------------------------------

  private listen(): void {
    this.store.subscribe((state, before) => {
      if (state.revision !== before.revision) this.contentChanged();
      this.render();
      if (state.selected !== before.selected) this.selectionChanged();
    });
    this.acts.onTool = () => this.toolChanged();
    this.acts.onRefused = (sentence) => this.flash(sentence);
    addEventListener('online', () => (this.keeper.retry(), this.checker.ask()));
    document.addEventListener('keydown', (event) => this.shortcut(event));
  }

  private shortcut(event: KeyboardEvent): void {
    const typing = (event.target as Element | null)?.closest?.('input, textarea, select, dialog');
    if (typing || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'z') return;
    event.preventDefault();
    if (event.shiftKey) this.acts.redo();
    else this.acts.undo();
  }

  private contentChanged(): void {
    this.checker.ask();
    this.keeper.changed();
  }

  private selectionChanged(): void {
    if (this.shop.store.state.selected) this.sheet.card(true);
    else if (!this.shop.picked) this.sheet.card(false);
    const change = this.store.selected;
    if (change) requestAnimationFrame(() => this.canvas?.reveal(change.geometry));
  }

  private toolChanged(): void {
    const { tool } = this.shop;
    const wanted = sketchOf(tool);
    if (this.canvas && wanted !== (this.canvas.sketch?.type ?? null)) {
      if (wanted) this.canvas.beginSketch(wanted);
      else this.canvas.endSketch();
    }
    if (tool.type === 'replace') {
      this.fromList = this.sheet.isOpen('list');
      this.sheet.show('palette');
    } else if (this.fromList && tool.type === 'none') {
      // Whoever works in the list goes on there.
      this.fromList = false;
      this.sheet.show('list');
    } else if (tool.type !== 'none') this.sheet.away();
    else this.sheet.card(this.shop.picked !== null || this.store.state.selected !== null);
    if (tool.type === 'none') this.canvas?.foretell([]);
    this.hint.update();
    this.render();
  }

  private drop(kind: ElementKind, x: number, y: number): void {
    this.acts.setTool(this.shop.toolFor(kind));
    this.canvas?.dropAt(x, y);
  }

  middle(): Position {
    const at = this.canvas?.map.getCenter();
    return at ? [at.lng, at.lat] : centre(this.settings.assignment.area);
  }

  bearing(): number {
    return this.canvas?.elsewhere?.heading() ?? this.canvas?.map.getBearing() ?? 0;
  }

  flash(sentence: string): void {
    this.notes.flash(sentence);
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  /** Shows everything anew with the next picture: several changes in one go are one drawing, and one layout. */
  render(): void {
    if (this.due) return;
    this.due = true;
    requestAnimationFrame(() => {
      this.due = false;
      this.paint();
    });
  }

  private paint(): void {
    const { state } = this.store;
    this.toolbar.update();
    this.drawTools.update();
    this.palette.update();
    this.card.update();
    const short = this.card.open ? shortFigures(this.shop) : null;
    if (short) this.card.foot.append(short);
    this.effects.update();
    this.list.update();
    for (const part of this.parts) part.update?.();
    this.sheet.count(state.changes.length);
    const heading = this.root.querySelector('[data-title]');
    if (heading && state.title) heading.textContent = state.title;
    void this.canvas?.update();
    this.anchorCard();
  }

  /** New figures from the server: everything that shows verdicts or effects. */
  private figures(): void {
    if (this.root.classList.contains('ws-ready')) this.render();
  }

  private anchorCard(): void {
    const about = this.store.selected?.geometry ?? this.shop.picked?.geometry;
    anchor(this.card.element, this.canvas, about ? centre(about) : null, this.mapBox);
  }

  /**
   * On phones the card is a sheet that grows when the answer comes in: what it is about must not end up under it. The map
   * waits while a finger is on it, or what one pulls would slip away.
   */
  private followCard(): void {
    let pressed = false;
    let waits = false;
    new ResizeObserver(() => {
      if (pressed) waits = true;
      else this.freePart();
    }).observe(this.card.element);
    this.mapBox.addEventListener('pointerdown', () => (pressed = true), { capture: true });
    for (const end of ['pointerup', 'pointercancel']) {
      addEventListener(end, () => {
        pressed = false;
        if (waits) requestAnimationFrame(() => this.freePart());
        waits = false;
      });
    }
  }

  private freePart(): void {
    const covered = this.sheet.height();
    // Whose map it is stays readable above the sheet.
    this.mapBox.style.setProperty('--covered', `${covered}px`);
    this.canvas?.freePart(covered, this.sheet.width());
    const change = this.store.selected;
    if (change && covered) this.canvas?.reveal(change.geometry);
  }
}
