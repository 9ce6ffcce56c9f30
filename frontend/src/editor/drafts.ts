/** The drawing on this device: written on every act, so that a closed tab or a dead connection costs nothing. */
import type { Content } from './model';

export interface ServerRef {
  /** The design on the server; null until the first save has been answered. */
  id: string | null;
  etag: string | null;
  /** Sent with the first save, also when it is tried again: the server then makes one design, not two. */
  idempotencyKey: string;
  /** A first save was once sent; its answer may have been lost. */
  attempted: boolean;
  status: 'draft' | 'submitted';
}

export interface Draft {
  content: Content;
  server: ServerRef;
  revision: number;
  savedRevision: number;
  remixOf: string | null;
  writtenAt: number;
}

export const isUnsaved = (draft: Draft): boolean => draft.revision !== draft.savedRevision;

const PREFIX = 'stoepkrijt:draft:';

/**
 * Drafts of one assignment and design (or 'new'). Every tab has a slot of its own, because two tabs that
 * share one slot would erase each other's drawing.
 */
export class DraftBox {
  private readonly prefix: string;
  full = false;

  constructor(
    private readonly storage: Storage | null,
    assignment: string,
    design: string,
    readonly tab: string,
    private readonly now: () => number = Date.now,
  ) {
    this.prefix = `${PREFIX}${assignment}:${design}:`;
  }

  write(draft: Omit<Draft, 'writtenAt'>): void {
    try {
      if (!this.storage) throw new Error('no storage');
      this.storage.setItem(this.prefix + this.tab, JSON.stringify({ ...draft, writtenAt: this.now() }));
      this.full = false;
    } catch {
      this.full = true;
    }
  }

  /** Leaves a copy of this tab's draft where others find it, if the server does not have it. */
  setAside(): void {
    const own = this.all().find((entry) => entry.tab === this.tab)?.draft;
    if (!own || !isUnsaved(own) || own.content.changes.length === 0) return;
    try {
      this.storage?.setItem(this.prefix + crypto.randomUUID(), JSON.stringify(own));
    } catch {
      this.full = true;
    }
  }

  /** This tab's own draft, or else the newest of another tab, which is then ours from now on. */
  read(): Draft | null {
    const all = this.all();
    const own = all.find((entry) => entry.tab === this.tab);
    return (own ?? all[0])?.draft ?? null;
  }

  /** Unsaved drawings of other tabs that differ from `current`, newest first. */
  others(current: Draft | null): { tab: string; draft: Draft }[] {
    const mine = JSON.stringify(current?.content.changes ?? []);
    return this.all().filter(
      ({ tab, draft }) =>
        tab !== this.tab && isUnsaved(draft) && draft.content.changes.length > 0 && JSON.stringify(draft.content.changes) !== mine,
    );
  }

  /** Forgets this tab's draft and every other copy that the server has too. */
  clear(design: string | null): void {
    for (const { tab, draft } of this.all()) {
      if (tab === this.tab || (design !== null && draft.server.id === design && !isUnsaved(draft))) this.remove(tab);
    }
  }

  remove(tab: string): void {
    this.storage?.removeItem(this.prefix + tab);
  }

  private all(): { tab: string; draft: Draft }[] {
    const found: { tab: string; draft: Draft }[] = [];
    for (let i = 0; i < (this.storage?.length ?? 0); i++) {
      const key = this.storage!.key(i)!;
      const draft = key.startsWith(this.prefix) ? parsed(this.storage!.getItem(key)) : null;
      if (draft) found.push({ tab: key.slice(this.prefix.length), draft });
    }
    return found.sort((a, b) => b.draft.writtenAt - a.draft.writtenAt);
  }
}

function parsed(text: string | null): Draft | null {
  try {
    const draft = JSON.parse(text ?? '') as Draft;
    return Array.isArray(draft.content?.changes) && draft.server ? draft : null;
  } catch {
    return null;
  }
}

/** The browser's storage, or null where it is switched off. */
export function storage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind];
  } catch {
    return null;
  }
}

/** Names this tab; a reload keeps the name, another tab has another. */
export function tabName(): string {
  const session = storage('sessionStorage');
  const known = session?.getItem('stoepkrijt:tab');
  const name = known ?? crypto.randomUUID();
  try {
    session?.setItem('stoepkrijt:tab', name);
  } catch {
    // Without storage the draft lives in this tab only, which the page says.
  }
  return name;
}
