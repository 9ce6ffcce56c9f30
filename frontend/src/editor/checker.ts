/** Asks what the drawing costs and does, and whether it fits; an answer to an older drawing is never shown as if it were new. */
import type { Geometry } from 'geojson';
import type { Api } from '../core/api';
import type { Change, Verdict } from './model';

export interface Effect {
  before: number | null;
  after: number | null;
  low?: number | null;
  high?: number | null;
  unit?: string;
  source?: string | null;
  caveat?: string | null;
  sourced_share?: number | null;
  /** What to know about a price, in sentences. */
  notes?: string[];
  /** Whose word it is: S sourced, D derived, U assumption, own. */
  status?: string;
  name?: string;
  group?: string;
  digits?: number;
  /** `state`: before and after; `change`: only the difference means something. */
  measure?: string;
  target?: { value: number; source: string | null };
  /** After 0, 10 and 20 years. */
  at?: Record<string, { low: number; value: number; high: number }>;
  /** Shade by the hour of the clock, in percent. */
  hours?: Record<string, { before: number; after: number }>;
  /** False: the map does not tell how many there are now; only what the design adds is known. */
  before_known?: boolean;
  how?: { text?: string; assumption?: boolean }[];
}

/** A variant of a change against which no rule has anything. */
export interface Suggestion {
  action: 'shift' | 'turn' | 'smaller' | 'smaller_and_shift';
  geometry: Geometry;
  kind: string | null;
  rotation_deg: number | null;
  distance_m: number;
  message: string;
}

/** One rule about one change. */
export interface Check {
  rule: string;
  title: string;
  verdict: Verdict;
  message: string;
  source?: string | null;
  assumption?: boolean;
  /** Kinds of data that nobody has here. */
  missing?: string[];
  /** Where it pinches. */
  geometry?: Geometry;
  suggestion?: Suggestion;
}

/** A limit of the assignment's brief, held against the drawing. */
export interface Limit {
  limit: string;
  verdict: Verdict;
  message: string;
}

/** Everything that was found about one change. */
export interface Found {
  index: number;
  verdict: Verdict;
  checks: Check[];
}

export interface CheckAnswer {
  verdict: Verdict;
  changes: Found[];
  effects: Record<string, Effect>;
  limits?: Limit[];
}

export type Freshness = 'empty' | 'fresh' | 'waiting' | 'stale' | 'failed';

export class Checker {
  answer: CheckAnswer | null = null;
  /** The drawing that the answer is about. */
  private about: readonly Change[] = [];
  freshness: Freshness = 'empty';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | null = null;
  private advising: AbortController | null = null;
  private asking: AbortController | null = null;
  /** The hour for which the slow figures of the present answer were asked. */
  private moreFor: number | null = null;
  /** For which changes of the present answer a way out was asked for. */
  private advised = new Set<number>();

  constructor(
    private readonly api: Pick<Api, 'ask'>,
    private readonly question: () => Record<string, unknown> | null,
    private readonly drawing: () => readonly Change[],
    private readonly onChange: () => void,
    private readonly wait = 10,
  ) {}

  ask(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.advising?.abort();
    this.asking?.abort();
    this.running = this.advising = this.asking = null;
    this.moreFor = null;
    if (this.question() === null) {
      this.answer = null;
      return this.become('empty');
    }
    this.become('waiting');
    this.timer = setTimeout(() => void this.run(), this.wait);
  }

  /** Whether what is known of a change is about it as it is now. */
  isCurrent(change: Change): boolean {
    return this.about.includes(change);
  }

  /** What was found about a change; about one that changed since only while that is being asked: without a connection it is not known. */
  found(change: Change): Found | null {
    if (!this.isCurrent(change) && this.freshness !== 'waiting') return null;
    const index = this.about.findIndex(({ key }) => key === change.key);
    return this.answer?.changes.find((one) => one.index === index) ?? null;
  }

  /** Looks for what would fit in place of one change. Nothing comes of it when there is nothing, or when the drawing changes. */
  async advise(index: number): Promise<void> {
    const question = this.question();
    if (this.freshness !== 'fresh' || this.advised.has(index) || question === null) return;
    this.advising?.abort();
    const advising = (this.advising = new AbortController());
    this.advised.add(index);
    try {
      const { data } = await this.api.ask<CheckAnswer>('/check', { ...question, suggest: [index], how: false }, advising.signal);
      if (advising !== this.advising || this.freshness !== 'fresh' || !this.answer) return;
      // The others keep the ways out that were found for them.
      const found = data.changes.find((one) => one.index === index);
      if (found) this.answer = { ...this.answer, changes: this.answer.changes.map((one) => (one.index === index ? found : one)) };
      this.onChange();
    } catch {
      // Choosing it again asks again.
      this.advised.delete(index);
    }
  }

  /** Adds the figures that take longer, with the shade at an hour of the first of July. */
  async more(hour: number): Promise<void> {
    const question = this.question();
    if (this.freshness !== 'fresh' || question === null || this.moreFor === hour) return;
    this.moreFor = hour;
    this.asking?.abort();
    const asking = (this.asking = new AbortController());
    try {
      const { data } = await this.api.ask<CheckAnswer>('/check', { ...question, suggest: false, shade: true, hour }, asking.signal);
      if (asking !== this.asking || this.freshness !== 'fresh' || !this.answer) return;
      this.answer = { ...this.answer, effects: data.effects };
      this.onChange();
    } catch {
      if (asking === this.asking) this.moreFor = null;
    }
  }

  private async run(): Promise<void> {
    const question = this.question();
    if (question === null) return;
    const running = (this.running = new AbortController());
    const about = this.drawing();
    try {
      const { data } = await this.api.ask<CheckAnswer>('/check', { ...question, suggest: false, how: false }, running.signal);
      if (running !== this.running) return;
      this.answer = data;
      this.about = about;
      this.advised.clear();
      this.become('fresh');
    } catch {
      if (running === this.running) this.become(this.answer ? 'stale' : 'failed');
    }
  }

  private become(freshness: Freshness): void {
    this.freshness = freshness;
    this.onChange();
  }
}
