import { describe, expect, it } from 'vitest';
import { against, clashes, give, known, listed, move, put, sum, toggle, tooDear, type Kind, type Rules } from './model';

const rules = (kind: Kind, more: Partial<Rules> = {}): Rules => ({
  kind,
  options: [
    { code: 'B', title: 'Bank', cost: 20_000 },
    { code: 'A', title: 'Boom', cost: 30_000 },
    { code: 'C', title: 'Wadi', cost: 25_000 },
  ],
  conflicts: [['A', 'C']],
  min: 1,
  max: 3,
  points: kind === 'points' ? 10 : 0,
  budget: kind === 'budget' ? 50_000 : 0,
  ...more,
});

describe('a budget', () => {
  const budget = rules('budget');
  it('adds up what is chosen and says what is left', () => {
    expect(sum(budget, { A: 1, B: 1 })).toEqual({ count: 2, cost: 50_000, left: 0, points: 0 });
  });
  it('says by how much an option is too dear', () => {
    expect(tooDear(budget, { A: 1 }, 'C')).toBe(5_000);
    expect(tooDear(budget, { A: 1 }, 'B')).toBe(0);
    expect(tooDear(budget, { A: 1 }, 'A')).toBe(0);
  });
  it('says what does not go together', () => {
    expect(against(budget, 'A')).toEqual(['C']);
    expect(against(budget, 'C')).toEqual(['A']);
    expect(against(budget, 'B')).toEqual([]);
    expect(clashes(budget, { A: 1, C: 1 })).toEqual([['A', 'C']]);
    expect(clashes(budget, { A: 1, B: 1 })).toEqual([]);
  });
});

describe('a ranking', () => {
  const ranking = rules('ranking');
  it('grows at the end, in places from 1', () => {
    let chosen = toggle(ranking, {}, 'C');
    chosen = toggle(ranking, chosen, 'A');
    expect(chosen).toEqual({ C: 1, A: 2 });
    expect(listed(ranking, chosen)).toEqual(['C', 'A']);
  });
  it('closes up when one is taken off', () => {
    expect(toggle(ranking, { A: 1, B: 2, C: 3 }, 'A')).toEqual({ B: 1, C: 2 });
  });
  it('makes room for one that is put in between', () => {
    expect(put(ranking, { A: 1, B: 2, C: 3 }, 'C', 1)).toEqual({ C: 1, A: 2, B: 3 });
    expect(put(ranking, { A: 1, B: 2 }, 'C', 9)).toEqual({ A: 1, B: 2, C: 3 });
    expect(put(ranking, { A: 1, B: 2 }, 'A', 0)).toEqual({ B: 1 });
  });
  it('moves one place, and no further than the ends', () => {
    expect(move(ranking, { A: 1, B: 2 }, 'B', -1)).toEqual({ B: 1, A: 2 });
    expect(move(ranking, { A: 1, B: 2 }, 'A', -1)).toEqual({ A: 1, B: 2 });
    expect(move(ranking, { A: 1, B: 2 }, 'B', 1)).toEqual({ A: 1, B: 2 });
    expect(move(ranking, { A: 1 }, 'C', 1)).toEqual({ A: 1 });
  });
});

describe('points and ticks', () => {
  it('count what is given and what is left', () => {
    const points = rules('points');
    expect(sum(points, { A: 7, B: 2 })).toEqual({ count: 2, cost: 50_000, left: 1, points: 9 });
    expect(give({ A: 7 }, 'A', 0)).toEqual({});
    expect(give({ A: 7 }, 'B', 3)).toEqual({ A: 7, B: 3 });
  });
  it('ticks on and off', () => {
    const approval = rules('approval', { max: 2 });
    expect(toggle(approval, { A: 1 }, 'A')).toEqual({});
    expect(sum(approval, { A: 1, B: 1, C: 1 }).left).toBe(-1);
  });
});

describe('what a browser kept', () => {
  it('is taken as far as it is still a choice', () => {
    expect(known(rules('approval'), { A: 1, Z: 1, B: 'x', C: 1.5 })).toEqual({ A: 1 });
    expect(known(rules('points'), { A: 11, B: 10 })).toEqual({ B: 10 });
    expect(known(rules('ranking'), { A: 3, B: 1 })).toEqual({ B: 1, A: 2 });
    for (const nonsense of [null, 4, 'A', [], undefined]) expect(known(rules('approval'), nonsense)).toEqual({});
  });
});
