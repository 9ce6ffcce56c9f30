import { describe, expect, it } from 'vitest';
import { Checker, type CheckAnswer } from './checker';

const answer = (trees: number): CheckAnswer => ({ verdict: 'unchecked', changes: [], effects: { trees: { before: 0, after: trees } } });
const tick = (ms = 5) => new Promise((done) => setTimeout(done, ms));

function checker(reply: (n: number, signal: AbortSignal) => Promise<CheckAnswer>) {
  let n = 0;
  let empty = false;
  const seen: string[] = [];
  const made = new Checker(
    { ask: async <T>(_path: string, _body: unknown, signal: AbortSignal) => ({ status: 200, etag: null, data: (await reply(++n, signal)) as T }) },
    () => (empty ? null : {}),
    () => seen.push(made.freshness),
    0,
  );
  return { made, seen, asked: () => n, clear: () => (empty = true) };
}

describe('figures while drawing', () => {
  it('keeps the old figures, marked as being calculated, until the new ones are in', async () => {
    const { made, seen } = checker(async (n) => answer(n));
    made.ask();
    await tick();
    expect(made.answer!.effects.trees!.after).toBe(1);
    made.ask();
    expect(made.freshness).toBe('waiting');
    expect(made.answer!.effects.trees!.after).toBe(1);
    await tick();
    expect(made.answer!.effects.trees!.after).toBe(2);
    expect(seen).toEqual(['waiting', 'fresh', 'waiting', 'fresh']);
  });

  it('never shows the answer to an older drawing', async () => {
    const { made } = checker(async (n) => (await tick(n === 1 ? 20 : 1), answer(n)));
    made.ask();
    await tick(3);
    made.ask();
    await tick(40);
    expect(made.answer!.effects.trees!.after).toBe(2);
  });

  it('asks once for a row of quick acts', async () => {
    const { made, asked } = checker(async (n) => answer(n));
    for (let i = 0; i < 5; i++) made.ask();
    await tick(10);
    expect(asked()).toBe(1);
  });

  it('marks figures as old when the connection is lost and as failed when there never were any', async () => {
    const lost = checker(async (n) => {
      if (n > 1) throw new Error('weg');
      return answer(n);
    });
    lost.made.ask();
    await tick();
    lost.made.ask();
    await tick();
    expect(lost.made.freshness).toBe('stale');
    const never = checker(() => Promise.reject(new Error('weg')));
    never.made.ask();
    await tick();
    expect(never.made.freshness).toBe('failed');
  });

  it('shows nothing for an empty drawing', async () => {
    const { made, clear, asked } = checker(async (n) => answer(n));
    clear();
    made.ask();
    await tick();
    expect(made.freshness).toBe('empty');
    expect(asked()).toBe(0);
  });
});
