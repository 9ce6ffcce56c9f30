/** Keeps the drawing safe: on this device at once, on the server as soon as there is a connection, and sends it in. */
import { Api, ApiError, Offline } from '../core/api';
import { button } from '../core/dom';
import { remember } from '../core/sent';
import { clock, t } from '../core/texts';
import { askConflict, askSubmit, problemList } from './dialogs';
import { DraftBox, storage, tabName, type Draft, type ServerRef } from './drafts';
import { body, fromFeatures, type Content, type DesignFeature } from './model';
import type { Notes } from './notes';
import { Saver, type Report } from './saver';
import type { EditorConfig, Shop } from './shop';
import { start as startState, Store } from './store';

const COOKIE_NOTE = 'stoepkrijt:cookie-note';

const newServer = (): ServerRef => ({ id: null, etag: null, idempotencyKey: crypto.randomUUID(), attempted: false, status: 'draft' });

function contentOf(design: DesignFeature): Content {
  const p = design.properties ?? {};
  return { title: String(p.title ?? ''), story: String(p.story ?? ''), changes: fromFeatures(design.changes) };
}

export interface KeeperOptions {
  api: Api;
  settings: EditorConfig;
  notes: Notes;
  root: HTMLElement;
  status: HTMLElement;
  /** For names of changes in problem lists, and to choose one; both come later than the keeper. */
  shop: () => Shop;
  select: (key: string) => void;
  /** Another drawing was taken over. */
  onLoad: () => void;
}

export class Keeper {
  readonly store: Store;
  private readonly drafts: DraftBox;
  private readonly saver: Saver;
  private readonly remixOf: string | null;
  private asked = false;

  constructor(private readonly options: KeeperOptions) {
    const { settings, api } = options;
    const designKey = settings.design?.id ?? (settings.remix ? `remix-${settings.remix.id}` : 'new');
    this.drafts = new DraftBox(storage('localStorage'), settings.assignment.slug, designKey, tabName());
    const begin = this.beginning();
    this.remixOf = begin.remixOf;
    this.store = new Store({ ...startState(begin.content), revision: begin.revision });
    this.saver = new Saver({
      api, assignment: settings.assignment.slug, untitled: t('untitled'), remixOf: this.remixOf, server: begin.server,
      savedRevision: begin.savedRevision, work: () => this.store.state, onReport: (report) => this.report(report),
    });
  }

  get submitted(): boolean {
    return this.saver.server.status === 'submitted';
  }

  /** What to start from: the drawing on this device if the server does not have it yet, else the server's. */
  private beginning(): Draft {
    const { design, remix } = this.options.settings;
    const local = this.drafts.read();
    if (local && (!design || local.revision !== local.savedRevision)) return local;
    const empty: Content = { title: '', story: '', changes: [] };
    const content = design ? contentOf(design) : remix ? { ...contentOf(remix), title: '', story: '' } : empty;
    const status = design?.properties?.status === 'submitted' ? 'submitted' : 'draft';
    const server: ServerRef = design ? { ...newServer(), id: design.id, etag: design.etag ?? null, attempted: true, status } : newServer();
    return { content, server, revision: 0, savedRevision: 0, remixOf: remix?.id ?? null, writtenAt: 0 };
  }

  /** The drawing as the server wants it, to check or to save. */
  body(): Record<string, unknown> {
    return body(this.options.settings.assignment.slug, this.store.state, t('untitled'), this.remixOf);
  }

  begin(): void {
    addEventListener('pagehide', () => this.keep());
    this.saver.changed();
    if (!this.options.settings.design) void this.compareWithServer();
    this.offerOthers();
  }

  changed(): void {
    this.keep();
    this.saver.changed();
  }

  retry(): void {
    this.saver.retry();
  }

  /** Writes the drawing to this device. */
  private keep(): void {
    const { title, story, changes, revision } = this.store.state;
    if (changes.length === 0 && this.saver.server.id === null && !title && revision === 0) return;
    this.drafts.write({
      content: { title, story, changes }, server: this.saver.server, revision, savedRevision: this.saver.savedRevision, remixOf: this.remixOf,
    });
    if (this.drafts.full) this.options.notes.stay(t('storageFull'));
  }

  // --- what the saver tells -------------------------------------------------------------------------------------

  private report(report: Report): void {
    if (!this.saver) return;
    const { savedAt } = this.saver;
    const { status } = this.options;
    const words: Record<Report['status'], string> = {
      // What one starts from somebody else's design is drawn already.
      new: t(this.store.state.changes.length ? 'statusCopy' : 'statusNew'), local: t('statusLocal'), saving: t('statusSaving'), saved: savedAt ? t('statusSaved', { time: clock(savedAt) }) : t('statusKept'),
      offline: t('statusOffline'), busy: t('statusBusy'), conflict: t('statusConflict'), invalid: t('statusInvalid'),
      refused: report.detail || t('statusRefused'),
    };
    if (status.textContent !== words[report.status]) status.textContent = words[report.status];
    status.dataset.state = report.status;
    this.keep();
    this.showProblems(report);
    if (report.status === 'saved' && savedAt) this.cookieNote();
    if (report.status === 'conflict' && !this.asked) this.askWhichVersion(report.theirs!);
  }

  private showProblems(report: Report): void {
    this.options.root.querySelector('.ws-problems')?.remove();
    if (report.status !== 'invalid') return;
    const at = (index: number) => this.store.state.changes[index];
    const list = problemList(
      report.problems.length ? report.problems : [{ pointer: '', message: report.detail || t('statusRefused') }],
      (index) => (at(index) ? this.options.shop().nameOf(at(index)!) : null),
      (index) => at(index) && this.options.select(at(index)!.key),
    );
    list.classList.add('ws-problems');
    this.options.notes.element.append(list);
  }

  private cookieNote(): void {
    const box = storage('localStorage');
    if (this.options.settings.csrf || box?.getItem(COOKIE_NOTE)) return;
    this.options.notes.stay(t('cookieNote'), null, () => {
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
        this.options.onLoad();
      }),
      saveAsNew: after(() => this.saver.saveAsNew(crypto.randomUUID())),
    });
  }

  /** A draft from this device may have been changed or submitted elsewhere since. */
  private async compareWithServer(): Promise<void> {
    const { server } = this.saver;
    if (server.id === null) return;
    try {
      const { data, etag } = await this.options.api.get<DesignFeature>(`/designs/${server.id}`);
      if (data.properties?.status !== 'draft') return this.saver.dirty ? this.goOnApart() : this.startAfresh();
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

  /** It was submitted elsewhere, while here is more than went along: that goes on as a design of its own. */
  private goOnApart(): void {
    this.saver.saveAsNew(crypto.randomUUID());
    this.options.notes.stay(t('goesOnApart'));
  }

  private offerOthers(): void {
    const [other] = this.drafts.others(this.drafts.read());
    if (!other) return;
    const open = button(t('openOtherDraft'), null, () => {
      this.keep();
      // What was here gets a place of its own: it is offered the same way, next time.
      this.drafts.setAside();
      this.store.dispatch({ type: 'load', content: other.draft.content });
      this.saver.saveAsNew(crypto.randomUUID());
      this.drafts.remove(other.tab);
    }, 'btn btn-2 btn-s', true);
    this.options.notes.stay(t('otherDraft'), open);
  }

  // --- submitting -----------------------------------------------------------------------------------------------------

  submit(): void {
    if (this.store.state.changes.length === 0) return this.options.notes.flash(t('emptyDesign'));
    const { title, story } = this.store.state;
    askSubmit({
      title: title === t('untitled') ? '' : title,
      story,
      version: this.submitted,
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
    const version = server.status !== 'draft';
    if (!version) await this.submitOnce(server.id!);
    this.saver.stop();
    const id = server.id!;
    this.drafts.clear(id);
    Object.assign(server, newServer());
    this.store.state = startState();
    remember(id, version ? 'version' : 'design');
    location.assign(this.options.settings.designUrl.replace('{id}', encodeURIComponent(id)));
  }

  /** Submitting twice is submitting once: the first answer may have been lost on the way. */
  private async submitOnce(id: string): Promise<void> {
    const { api } = this.options;
    try {
      await api.write('POST', `/designs/${id}/submit`, { body: {} });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 409) throw error;
      const { data } = await api.get<DesignFeature>(`/designs/${id}`);
      if (data.properties?.status !== 'submitted') throw error;
    }
  }
}

function whyNot(error: unknown): string {
  if (error instanceof Offline) return t('submitOffline');
  if (error instanceof ApiError) return [error.detail, ...error.problems.map((p) => p.message)].filter(Boolean).join(' ') || error.title;
  return '';
}
