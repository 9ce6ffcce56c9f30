import { describe, expect, it } from 'vitest';
import { Checker, type CheckAnswer, type Suggestion } from './checker';
import type { Change } from './model';

const answer = (trees: number): CheckAnswer => ({ verdict: 'unchecked', changes: [], effects: { trees: { before: 0, after: trees } } });
const tick = (ms = 5) => new Promise((done) => setTimeout(done, ms));

function checker(reply: (n: number, signal: AbortSignal) => Promise<CheckAnswer>) {
  let n = 0;
  let empty = false;
  let drawing: readonly Change[] = [];
  const seen: string[] = [];
  const made = new Checker(
    { ask: async <T>(_path: string, _body: unknown, signal: AbortSignal) => ({ status: 200, etag: null, data: (await reply(++n, signal)) as T }) },
    () => (empty ? null : {}),
    () => drawing,
    () => seen.push(made.freshness),
    0,
  );
  return { made, seen, asked: () => n, clear: () => (empty = true), draw: (...changes: Change[]) => (drawing = changes) };
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

describe('what is known of one change', () => {
  const change = (key: string): Change => ({ key, action: 'add', kind: 'bench', object: null, objectKind: null, geometry: { type: 'Point', coordinates: [0, 0] }, rotation: 0, width: null });
  const [a, b] = [change('a'), change('b')];
  const verdicts = (...found: CheckAnswer['changes'][number]['verdict'][]): CheckAnswer => ({ verdict: 'fits', effects: {}, changes: found.map((verdict, index) => ({ index, verdict, checks: [] })) });

  it('stays with it when another one goes', async () => {
    const { made, draw } = checker(async () => verdicts('conflict', 'fits'));
    draw(a, b);
    made.ask();
    await tick();
    draw(b);
    made.ask();
    expect(made.freshness).toBe('waiting');
    expect(made.found(b)?.verdict).toBe('fits');
  });

  it('is of how it was only while the new answer is under way', async () => {
    const { made, draw } = checker(async (n) => {
      if (n > 1) throw new Error('no connection');
      return verdicts('conflict');
    });
    draw(a);
    made.ask();
    await tick();
    expect(made.isCurrent(a)).toBe(true);
    const moved = { ...a, rotation: 90 };
    draw(moved);
    made.ask();
    expect(made.found(moved)?.verdict).toBe('conflict');
    expect(made.isCurrent(moved)).toBe(false);
    await tick();
    expect(made.freshness).toBe('stale');
    expect(made.found(moved)).toBeNull();
  });

  it('keeps the way out of one when another is asked for', async () => {
    const way = (n: number): Suggestion => ({ action: 'shift', geometry: a.geometry, kind: null, rotation_deg: null, distance_m: n, message: `way ${n}` });
    const { made, draw } = checker(async (n) => {
      const plain = verdicts('conflict', 'conflict');
      const asked = n - 2;
      return n === 1 ? plain : { ...plain, changes: plain.changes.map((one) => (one.index === asked ? { ...one, checks: [{ rule: 'R01', title: '', verdict: 'conflict' as const, message: '', suggestion: way(asked) }] } : one)) };
    });
    draw(a, b);
    made.ask();
    await tick();
    await made.advise(0);
    await made.advise(1);
    expect([a, b].map((one) => made.found(one)?.checks[0]?.suggestion?.message)).toEqual(['way 0', 'way 1']);
  });
});
