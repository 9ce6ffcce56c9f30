/** Asks what the drawing costs and does; an answer to an older drawing is never shown as if it were new. */
import type { Api } from '../core/api';
import type { Verdict } from './model';

export interface Effect {
  before: number | null;
  after: number | null;
  low?: number | null;
  high?: number | null;
  unit?: string;
  source?: string | null;
  caveat?: string | null;
  sourced_share?: number | null;
}

export interface CheckAnswer {
  verdict: Verdict;
  changes: { index: number; verdict: Verdict; checks: { message: string; source?: string | null; verdict: Verdict }[] }[];
  effects: Record<string, Effect>;
}

export type Freshness = 'empty' | 'fresh' | 'waiting' | 'stale' | 'failed';

export class Checker {
  answer: CheckAnswer | null = null;
  freshness: Freshness = 'empty';
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: AbortController | null = null;

  constructor(
    private readonly api: Pick<Api, 'ask'>,
    private readonly question: () => Record<string, unknown> | null,
    private readonly onChange: () => void,
    private readonly wait = 250,
  ) {}

  ask(): void {
    clearTimeout(this.timer);
    this.running?.abort();
    this.running = null;
    if (this.question() === null) {
      this.answer = null;
      return this.become('empty');
    }
    this.become('waiting');
    this.timer = setTimeout(() => void this.run(), this.wait);
  }

  private async run(): Promise<void> {
    const question = this.question();
    if (question === null) return;
    const running = (this.running = new AbortController());
    try {
      const { data } = await this.api.ask<CheckAnswer>('/check', question, running.signal);
      if (running !== this.running) return;
      this.answer = data;
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
