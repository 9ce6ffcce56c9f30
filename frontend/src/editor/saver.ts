/** Brings the drawing to the server: one request at a time, tried again after trouble, never two designs from one. */
import { ApiError, Offline, type Api, type Problem } from '../core/api';
import type { ServerRef } from './drafts';
import { body, type Content, type DesignFeature } from './model';

export type Status = 'new' | 'local' | 'saving' | 'saved' | 'offline' | 'busy' | 'conflict' | 'invalid' | 'refused';

export interface Report {
  status: Status;
  problems: Problem[];
  detail: string;
  /** The other version, when somebody else saved meanwhile. */
  theirs: DesignFeature | null;
}

export interface Work extends Content {
  revision: number;
}

export interface SaverOptions {
  api: Api;
  assignment: string;
  untitled: string;
  remixOf: string | null;
  server: ServerRef;
  savedRevision: number;
  work: () => Work;
  onReport: (report: Report) => void;
  /** Milliseconds of rest after an act before saving. */
  wait?: number;
  /** First pause after trouble; doubles up to a minute. */
  pause?: number;
}

export class Saver {
  readonly server: ServerRef;
  savedRevision: number;
  report: Report = { status: 'new', problems: [], detail: '', theirs: null };
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private failures = 0;
  /** When the server last took the drawing from this tab. */
  savedAt: Date | null = null;
  private theirEtag: string | null = null;

  constructor(private readonly options: SaverOptions) {
    this.server = options.server;
    this.savedRevision = options.savedRevision;
  }

  get dirty(): boolean {
    return this.options.work().revision !== this.savedRevision;
  }

  /** Call after every act. A submitted design is a public version: it is saved only on `flush`. */
  changed(): void {
    if (this.report.status === 'conflict') return;
    if (!this.dirty) return this.tell(this.server.id === null ? 'new' : 'saved');
    if (this.server.status === 'submitted') return this.tell('local');
    if (this.options.work().changes.length === 0 && this.server.id === null) return this.tell('new');
    // "Bewaard" would be a lie until the save that follows this rest.
    if (this.report.status === 'saved' || this.report.status === 'new') this.tell('saving');
    this.later(this.options.wait ?? 800);
  }

  /** The network is back, or somebody pressed "try again". */
  retry(): void {
    this.failures = 0;
    if (this.dirty && this.server.status === 'draft' && this.report.status !== 'conflict') this.later(0);
  }

  /** Saves everything now; resolves when the server has it, or rejects with why not. */
  async flush(): Promise<void> {
    clearTimeout(this.timer);
    for (let turns = 0; this.dirty || this.server.id === null; turns++) {
      await (this.running ?? this.run());
      if (this.report.status !== 'saved' || turns > 5) throw this.failure ?? new Error(this.report.status);
    }
  }

  private failure: unknown = null;

  private later(wait: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.run(), wait);
  }

  private run(): Promise<void> {
    this.running ??= this.save().finally(() => (this.running = null));
    return this.running;
  }

  private async save(): Promise<void> {
    const work = this.options.work();
    if (work.revision === this.savedRevision && this.server.id !== null) return;
    this.tell('saving');
    try {
      // A first save that was tried before may have arrived with older content: then it is followed by an update.
      const repeated = this.server.id === null && this.server.attempted;
      const answer = await this.send(work);
      this.accept(answer.data, answer.etag);
      if (!repeated) this.savedRevision = work.revision;
      this.tell('saved');
      if (this.dirty && this.server.status === 'draft') this.later(repeated ? 0 : (this.options.wait ?? 800));
    } catch (error) {
      this.failure = error;
      await this.trouble(error);
    }
  }

  private send(work: Work): Promise<{ data: DesignFeature; etag: string | null }> {
    const { api, assignment, untitled, remixOf } = this.options;
    const content = body(assignment, work, untitled, remixOf);
    if (this.server.id !== null) {
      const headers = { 'If-Match': this.server.etag ?? '*' };
      return api.write<DesignFeature>('PUT', `/designs/${this.server.id}`, { body: content, headers });
    }
    this.server.attempted = true;
    this.tell('saving');
    return api.write<DesignFeature>('POST', '/designs', { body: content, headers: { 'Idempotency-Key': this.server.idempotencyKey } });
  }

  private accept(design: DesignFeature, etag: string | null): void {
    this.failures = 0;
    this.failure = null;
    this.savedAt = new Date();
    this.server.id = design.id;
    this.server.etag = etag;
  }

  private async trouble(error: unknown): Promise<void> {
    if (error instanceof Offline) return this.again('offline', 0);
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 412) return this.conflict();
    if (error.status === 422) return this.tell('invalid', { problems: error.problems, detail: error.detail });
    if (error.status === 429) return this.again('busy', error.retryAfter * 1000);
    if (error.status >= 500) return this.again('busy', 0);
    this.tell('refused', { detail: error.detail || error.title });
  }

  private again(status: Status, atLeast: number): void {
    this.tell(status);
    const pause = Math.min(60_000, (this.options.pause ?? 2000) * 2 ** this.failures++);
    this.later(Math.max(pause, atLeast));
  }

  private async conflict(): Promise<void> {
    try {
      const { data, etag } = await this.options.api.get<DesignFeature>(`/designs/${this.server.id}`);
      this.theirEtag = etag;
      this.tell('conflict', { theirs: data });
    } catch {
      this.again('offline', 0);
    }
  }

  /** "Houd mijn versie": ours goes over the version we have now seen. */
  keepMine(): void {
    this.server.etag = this.theirEtag;
    this.tell('saving');
    this.later(0);
  }

  /** "Neem de andere versie": the caller loads it; from here we build on it. */
  takeTheirs(revision: number): void {
    this.server.etag = this.theirEtag;
    this.savedRevision = revision;
    this.tell('saved');
  }

  /** "Bewaar de mijne als nieuw ontwerp": ours leaves the shared design and gets one of its own. */
  saveAsNew(idempotencyKey: string): void {
    Object.assign(this.server, { id: null, etag: null, attempted: false, status: 'draft', idempotencyKey } satisfies ServerRef);
    this.savedRevision = -1;
    this.tell('saving');
    this.later(0);
  }

  tell(status: Status, more: Partial<Report> = {}): void {
    this.report = { status, problems: [], detail: '', theirs: null, ...more };
    this.options.onReport(this.report);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}
