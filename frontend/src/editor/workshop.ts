/** The workshop: puts palette, map, card, effects and list together and keeps the drawing safe. */
import { Api, ApiError, Offline } from '../core/api';
import { announce, button, config, h } from '../core/dom';
import { centre } from '../core/geo';
import { sprite } from '../core/sprite';
import { clock, kindName, t, type Key } from '../core/texts';
import { addControls, fallback, makeMap, markReady, NoWebGL } from '../map/base';
import { Acts } from './acts';
import { Canvas } from './canvas';
import { Card } from './card';
import { Checker } from './checker';
import { askConflict, askSubmit, problemList } from './dialogs';
import { DraftBox, storage, tabName, type Draft, type ServerRef } from './drafts';
import { Effects, shortFigures } from './effects';
import { List } from './list';
import { body, fromFeatures, type Catalogue, type Content, type DesignFeature, type ElementKind } from './model';
import { Palette } from './palette';
import { Saver, type Report } from './saver';
import { Sheet } from './sheet';
import { Shop, type EditorConfig } from './shop';
import { start as startState, Store } from './store';

const COOKIE_NOTE = 'stoepkrijt:cookie-note';

export async function start(element: HTMLElement): Promise<void> {
  void sprite();
  await new Workshop(element, config<EditorConfig>(element)).open();
}

const newServer = (): ServerRef => ({ id: null, etag: null, idempotencyKey: crypto.randomUUID(), attempted: false, status: 'draft' });

function contentOf(design: DesignFeature): Content {
  const p = design.properties ?? {};
  return { title: String(p.title ?? ''), story: String(p.story ?? ''), changes: fromFeatures(design.changes) };
}

class Workshop {
  private readonly api: Api;
  private readonly shop: Shop;
  private readonly store: Store;
  private readonly acts: Acts;
  private readonly drafts: DraftBox;
  private readonly saver: Saver;
  private readonly checker: Checker;
  private readonly palette: Palette;
  private readonly card: Card;
  private readonly effects: Effects;
  private readonly list: List;
  private readonly sheet: Sheet;
  private readonly remixOf: string | null;
  private canvas: Canvas | null = null;
  private readonly mapBox = h('div', { class: 'ws-map' });
  private readonly hint = h('div', { class: 'ws-hint', hidden: true });
  private readonly notes = h('div', { class: 'ws-notes' });
  private readonly status: HTMLElement;
  private undoButton!: HTMLButtonElement;
  private redoButton!: HTMLButtonElement;
  private nowButton!: HTMLButtonElement;
  private asked = false;

  constructor(
    private readonly root: HTMLElement,
    private readonly settings: EditorConfig,
  ) {
    this.api = new Api(settings.apiBase, settings.lang, settings.csrf ?? null);
    const designKey = settings.design?.id ?? (settings.remix ? `remix-${settings.remix.id}` : 'new');
    this.drafts = new DraftBox(storage('localStorage'), settings.assignment.slug, designKey, tabName());
    const begin = this.beginning();
    this.remixOf = begin.remixOf;
    this.store = new Store({ ...startState(begin.content), revision: begin.revision });
    this.shop = new Shop(settings, this.store, this.api);
    this.acts = new Acts(this.shop);
    this.checker = this.shop.checker = new Checker(
      this.api,
      () => (this.store.state.changes.length ? this.question() : null),
      () => this.figures(),
    );
    this.saver = new Saver({
      api: this.api, assignment: settings.assignment.slug, untitled: t('untitled'), remixOf: this.remixOf, server: begin.server,
      savedRevision: begin.savedRevision, work: () => this.store.state, onReport: (report) => this.report(report),
    });
    const bearing = () => this.canvas?.map.getBearing() ?? 0;
    this.palette = new Palette(this.shop, this.acts, (kind, x, y) => this.drop(kind, x, y), () => void this.loadCatalogue(), () => this.canvas?.map.getCanvas().focus());
    this.card = new Card(this.shop, this.acts, bearing);
    this.effects = new Effects(this.shop, this.acts);
    this.list = new List(this.shop, this.acts, () => this.middle(), (change) => {
      this.acts.select(change.key);
      this.sheet.show('');
      this.canvas?.show(change.geometry);
    }, bearing);
    this.sheet = new Sheet(root, () => this.freePart());
    this.status = root.querySelector('[data-status]') ?? h('p', { class: 'saved', role: 'status' });
  }

  /** What to start from: the drawing on this device if the server does not have it yet, else the server's. */
  private beginning(): Draft {
    const { design, remix } = this.settings;
    const local = this.drafts.read();
    if (local && (!design || local.revision !== local.savedRevision)) return local;
    const empty: Content = { title: '', story: '', changes: [] };
    const content = design ? contentOf(design) : remix ? { ...contentOf(remix), title: '', story: '' } : empty;
    const status = design?.properties?.status === 'submitted' ? 'submitted' : 'draft';
    const server: ServerRef = design ? { ...newServer(), id: design.id, etag: design.etag ?? null, attempted: true, status } : newServer();
    return { content, server, revision: 0, savedRevision: 0, remixOf: remix?.id ?? null, writtenAt: 0 };
  }

  private question(): Record<string, unknown> {
    return body(this.settings.assignment.slug, this.store.state, t('untitled'), this.remixOf);
  }

  async open(): Promise<void> {
    this.build();
    this.listen();
    void this.loadCatalogue();
    void this.knowThings();
    await this.openMap();
    this.render();
    this.checker.ask();
    this.saver.changed();
    if (!this.settings.design) void this.compareWithServer();
    this.offerOthers();
  }

  // --- building -----------------------------------------------------------------------------------------------

  private build(): void {
    const panel = (name: 'palette' | 'effects' | 'list', title: Key, className: string, content: HTMLElement) =>
      h(
        'section',
        { class: `ws-panel ${className}`, 'aria-label': t(title), 'data-name': name },
        this.sheet.grip(),
        h('header', {}, h('h2', {}, t(title)), button(t('close'), 'i-sluit', () => this.sheet.show(''), 'tb ws-close')),
        h('div', { class: 'ws-scroll', tabindex: '0' }, content),
      );
    this.mapBox.append(h('div', { class: 'map-canvas' }), this.tools(), this.hint, this.notes, this.card.element);
    this.root.querySelector('[data-rest]')?.remove();
    this.root.append(
      panel('palette', 'paletteTitle', 'ws-pal', this.palette.element),
      this.mapBox,
      panel('effects', 'effectsTitle', 'ws-con', this.effects.element),
      panel('list', 'listTitle', 'ws-list', this.list.element),
      this.sheet.tabs(),
    );
    this.root.classList.add('ws-ready');
    const submit = this.root.querySelector<HTMLButtonElement>('[data-submit]');
    submit?.addEventListener('click', () => this.submit());
    if (submit && this.saver.server.status === 'submitted') submit.textContent = t('submitVersion');
    if (submit && !this.settings.assignment.open) {
      submit.disabled = true;
      this.note(t('closed'));
    }
  }

  private tools(): HTMLElement {
    this.undoButton = button(t('undo'), 'i-undo', () => this.acts.undo());
    this.redoButton = button(t('redo'), 'i-redo', () => this.acts.redo());
    this.nowButton = button(t('asItIs'), 'i-oog', () => this.toggleNow(), 'tb tb-words', true);
    this.nowButton.setAttribute('aria-pressed', 'false');
    const effects = button(t('tabEffects'), 'i-euro', () => this.sheet.toggle('effects'), 'tb ws-drawer-button', true);
    const list = button(t('asList'), 'i-lijst', () => this.sheet.toggle('list'), 'tb ws-list-button', true);
    return h(
      'div',
      { class: 'ws-tools', role: 'toolbar', 'aria-label': t('workshop') },
      h('div', { class: 'tg' }, this.undoButton, this.redoButton),
      h('div', { class: 'tg' }, this.nowButton),
      h('div', { class: 'tg ws-right' }, effects, list),
    );
  }

  private toggleNow(): void {
    if (!this.canvas) return;
    this.canvas.hidden = !this.canvas.hidden;
    this.nowButton.setAttribute('aria-pressed', String(this.canvas.hidden));
    announce(t(this.canvas.hidden ? 'asItIsOn' : 'asItIsOff'));
    void this.canvas.update();
  }

  private async openMap(): Promise<void> {
    const box = this.mapBox.querySelector<HTMLElement>('.map-canvas')!;
    try {
      const map = await makeMap(box, {
        ...this.settings, bbox: this.settings.assignment.bbox, place: this.settings.assignment.title, padding: 12,
        label: t('editorMapName', { place: this.settings.assignment.title }), keyboard: false,
      });
      addControls(map, this.mapBox, this.settings.attribution);
      this.canvas = new Canvas(map, this.shop, this.acts, this.mapBox);
      this.canvas.onView = () => this.anchorCard();
      this.freePart();
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
    addEventListener('online', () => (this.saver.retry(), this.checker.ask()));
    addEventListener('pagehide', () => this.keep());
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
    this.keep();
    this.checker.ask();
    this.saver.changed();
  }

  /** Writes the drawing to this device. */
  private keep(): void {
    const { title, story, changes, revision } = this.store.state;
    if (changes.length === 0 && this.saver.server.id === null && !title && revision === 0) return;
    this.drafts.write({
      content: { title, story, changes }, server: this.saver.server, revision, savedRevision: this.saver.savedRevision, remixOf: this.remixOf,
    });
    if (this.drafts.full) this.note(t('storageFull'));
  }

  private selectionChanged(): void {
    if (this.shop.store.state.selected) this.sheet.card(true);
    else if (!this.shop.picked) this.sheet.card(false);
    const change = this.store.selected;
    if (change) requestAnimationFrame(() => this.canvas?.reveal(change.geometry));
  }

  private toolChanged(): void {
    const { tool } = this.shop;
    const wanted = tool.type === 'place' && (tool.way === 'line' || tool.way === 'area') ? tool.way : null;
    if (this.canvas && wanted !== (this.canvas.sketch?.type ?? null)) {
      if (wanted) this.canvas.beginSketch(wanted);
      else this.canvas.endSketch();
    }
    if (tool.type === 'replace') this.sheet.show('palette');
    else if (tool.type !== 'none') this.sheet.away();
    else this.sheet.card(this.shop.picked !== null || this.store.state.selected !== null);
    this.drawHint();
    this.render();
  }

  private drawHint(): void {
    const { tool } = this.shop;
    this.hint.hidden = tool.type === 'none';
    if (tool.type === 'none') return this.hint.replaceChildren();
    const name = 'kind' in tool ? tool.kind.name : this.shop.thingName(tool.thing);
    const kind = tool.type === 'change' ? kindName(tool.kind.applies_to).toLowerCase() : '';
    const keys: Record<string, Key> = { point: 'placePoint', stamp: 'placePoint', change: 'placeChange', line: 'placeLine', area: 'placeArea', move: 'placeMove', replace: 'placeReplace' };
    const sentence = t(keys[tool.type === 'place' ? tool.way : tool.type]!, { name, kind });
    const sketch = this.canvas?.sketch;
    if (this.hint.querySelector('p')?.textContent !== sentence) announce(sentence);
    this.hint.replaceChildren(
      h('p', {}, sentence),
      h(
        'div',
        {},
        sketch ? button(t('done'), 'i-vink', () => this.canvas?.finish(), 'btn btn-1 btn-s', true) : null,
        sketch && sketch.corners.length > 0 ? button(t('pointBack'), 'i-undo', () => this.canvas?.cornerBack(), 'btn btn-2 btn-s', true) : null,
        button(t('cancel'), null, () => this.acts.setTool({ type: 'none' }), 'btn btn-2 btn-s', true),
      ),
    );
  }

  private drop(kind: ElementKind, x: number, y: number): void {
    this.acts.setTool(this.shop.toolFor(kind));
    this.canvas?.dropAt(x, y);
  }

  private middle(): [number, number] {
    const at = this.canvas?.map.getCenter();
    return at ? [at.lng, at.lat] : centre(this.settings.assignment.area);
  }

  // --- showing -----------------------------------------------------------------------------------------------------

  private render(): void {
    const { state } = this.store;
    this.undoButton.setAttribute('aria-disabled', String(state.past.length === 0));
    this.redoButton.setAttribute('aria-disabled', String(state.future.length === 0));
    this.palette.update();
    this.card.update();
    const short = this.card.open ? shortFigures(this.shop) : null;
    if (short) this.card.element.append(short);
    this.effects.update();
    this.list.update();
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

  /** On wide screens the card stands above its element; on phones it is the sheet. */
  private anchorCard(): void {
    const card = this.card.element;
    const about = this.store.selected?.geometry ?? this.shop.picked?.geometry;
    if (!this.canvas || !about || card.hidden || !matchMedia('(min-width: 821px)').matches) return void (card.style.transform = '');
    const at = this.canvas.map.project(centre(about) as [number, number]);
    const { clientWidth: width, clientHeight: height } = this.mapBox;
    const left = Math.min(Math.max(at.x - card.offsetWidth / 2, 12), Math.max(12, width - card.offsetWidth - 76));
    const above = at.y - card.offsetHeight - 44;
    const below = at.y + 44;
    const top = above > 76 || below + card.offsetHeight > height - 12 ? Math.max(76, above) : below;
    card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
    card.dataset.side = top === below ? 'below' : 'above';
    card.style.setProperty('--arrow', `${Math.round(Math.min(Math.max(at.x - left - 9, 16), card.offsetWidth - 34))}px`);
  }

  private freePart(): void {
    const covered = this.sheet.height();
    this.canvas?.freePart(covered);
    const change = this.store.selected;
    if (change && covered) this.canvas?.reveal(change.geometry);
  }

  private flash(sentence: string): void {
    announce(sentence);
    const note = h('p', { class: 'note note-warn ws-flash' }, h('span', {}), sentence);
    this.notes.querySelector('.ws-flash')?.remove();
    this.notes.append(note);
    setTimeout(() => note.remove(), 6000);
  }

  private note(sentence: string, action: HTMLElement | null = null, onClose: () => void = () => undefined): void {
    if ([...this.notes.children].some((known) => known.firstElementChild?.textContent === sentence)) return;
    const note = h('div', { class: 'note ws-note', role: 'status' }, h('p', {}, sentence), action);
    note.append(button(t('close'), 'i-sluit', () => (note.remove(), onClose())));
    this.notes.append(note);
  }

  // --- saving -------------------------------------------------------------------------------------------------------

  private report(report: Report): void {
    if (!this.saver) return;
    const { savedAt } = this.saver;
    const words: Record<Report['status'], string> = {
      new: t('statusNew'), local: t('statusLocal'), saving: t('statusSaving'), saved: savedAt ? t('statusSaved', { time: clock(savedAt) }) : t('statusKept'),
      offline: t('statusOffline'), busy: t('statusBusy'), conflict: t('statusConflict'), invalid: t('statusInvalid'),
      refused: report.detail || t('statusRefused'),
    };
    if (this.status.textContent !== words[report.status]) this.status.textContent = words[report.status];
    this.status.dataset.state = report.status;
    this.keep();
    this.showProblems(report);
    if (report.status === 'saved' && savedAt) this.cookieNote();
    if (report.status === 'conflict' && !this.asked) this.askWhichVersion(report.theirs!);
  }

  private showProblems(report: Report): void {
    this.root.querySelector('.ws-problems')?.remove();
    if (report.status !== 'invalid') return;
    const at = (index: number) => this.store.state.changes[index];
    const list = problemList(
      report.problems.length ? report.problems : [{ pointer: '', message: report.detail || t('statusRefused') }],
      (index) => (at(index) ? this.shop.nameOf(at(index)!) : null),
      (index) => at(index) && this.acts.select(at(index)!.key),
    );
    list.classList.add('ws-problems');
    this.notes.append(list);
  }

  private cookieNote(): void {
    const box = storage('localStorage');
    if (this.settings.csrf || box?.getItem(COOKIE_NOTE)) return;
    this.note(t('cookieNote'), null, () => {
      try {
        box?.setItem(COOKIE_NOTE, '1');
      } catch {
        // Without storage the sentence comes back on the next visit.
      }
    });
  }

  private askWhichVersion(theirs: DesignFeature): void {
    this.asked = true;
    const after = (act: () => void) => () => {
      this.asked = false;
      act();
      this.keep();
    };
    askConflict({
      mine: this.store.state.changes.length,
      theirs: theirs.changes?.features.length ?? 0,
      keepMine: after(() => this.saver.keepMine()),
      takeTheirs: after(() => {
        this.store.dispatch({ type: 'load', content: contentOf(theirs) });
        this.saver.takeTheirs(this.store.state.revision);
        void this.knowThings();
      }),
      saveAsNew: after(() => this.saver.saveAsNew(crypto.randomUUID())),
    });
  }

  /** A draft from this device may have been changed or submitted elsewhere since. */
  private async compareWithServer(): Promise<void> {
    const { server } = this.saver;
    if (server.id === null) return;
    try {
      const { data, etag } = await this.api.get<DesignFeature>(`/designs/${server.id}`);
      if (data.properties?.status !== 'draft') return this.startAfresh();
      if (etag === server.etag || this.saver.dirty) return;
      server.etag = etag;
      this.store.dispatch({ type: 'load', content: contentOf(data) });
      this.saver.savedRevision = this.store.state.revision;
      this.saver.tell('saved');
    } catch (error) {
      // Not ours (any more): the drawing stays here and becomes a new design with the next save.
      if (error instanceof ApiError && [401, 403, 404].includes(error.status)) this.saver.saveAsNew(crypto.randomUUID());
    }
  }

  /** The draft was submitted elsewhere: leave it be and begin with an empty drawing. */
  private startAfresh(): void {
    this.drafts.clear(this.saver.server.id);
    Object.assign(this.saver.server, newServer());
    this.store.dispatch({ type: 'load', content: { title: '', story: '', changes: [] } });
    this.saver.savedRevision = this.store.state.revision;
    this.saver.tell('new');
  }

  private offerOthers(): void {
    const [other] = this.drafts.others(this.drafts.read());
    if (!other) return;
    const open = button(t('openOtherDraft'), null, () => {
      this.keep();
      this.store.dispatch({ type: 'load', content: other.draft.content });
      this.saver.saveAsNew(crypto.randomUUID());
      this.drafts.remove(other.tab);
    }, 'btn btn-2 btn-s', true);
    this.note(t('otherDraft'), open);
  }

  // --- submitting -----------------------------------------------------------------------------------------------------

  private submit(): void {
    if (this.store.state.changes.length === 0) return this.flash(t('emptyDesign'));
    const { title, story } = this.store.state;
    askSubmit({
      title: title === t('untitled') ? '' : title,
      story,
      version: this.saver.server.status === 'submitted',
      keep: (newTitle, newStory) => this.store.dispatch({ type: 'text', title: newTitle, story: newStory }),
      send: async (newTitle, newStory) => {
        this.store.dispatch({ type: 'text', title: newTitle, story: newStory });
        await this.send().catch((error: unknown) => {
          throw new Error(t('submitFailed', { why: whyNot(error) }));
        });
      },
    });
  }

  private async send(): Promise<void> {
    await this.saver.flush();
    const { server } = this.saver;
    if (server.status === 'draft') await this.submitOnce(server.id!);
    this.saver.stop();
    const id = server.id!;
    this.drafts.clear(id);
    Object.assign(server, newServer());
    this.store.state = startState();
    location.assign(this.settings.designUrl.replace('{id}', encodeURIComponent(id)));
  }

  /** Submitting twice is submitting once: the first answer may have been lost on the way. */
  private async submitOnce(id: string): Promise<void> {
    try {
      await this.api.write('POST', `/designs/${id}/submit`, { body: {} });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      const { data } = await this.api.get<DesignFeature>(`/designs/${id}`);
      if (data.properties?.status !== 'submitted') throw error;
    }
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Offline) return t('submitOffline');
  if (error instanceof ApiError) return [error.detail, ...error.problems.map((p) => p.message)].filter(Boolean).join(' ') || error.title;
  return '';
}
