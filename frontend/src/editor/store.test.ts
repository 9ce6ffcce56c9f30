import { describe, expect, it } from 'vitest';
import { fromFeatures, toFeatures, type Change } from './model';
import { reduce, start, type Event, type State } from './store';

const tree = (key: string, x = 24.9): Change => ({
  key, action: 'add', kind: 'tree_small', object: null, objectKind: null, geometry: { type: 'Point', coordinates: [x, 60.1] }, rotation: 0, width: null,
});
const after = (...events: Event[]): State => events.reduce(reduce, start());

describe('the drawing', () => {
  it('selects what was just placed', () => {
    expect(after({ type: 'add', change: tree('a') }).selected).toBe('a');
  });

  it('undoes and redoes act by act', () => {
    const state = after({ type: 'add', change: tree('a') }, { type: 'add', change: tree('b') }, { type: 'undo' });
    expect(state.changes.map((c) => c.key)).toEqual(['a']);
    expect(state.selected).toBeNull();
    expect(reduce(state, { type: 'redo' }).changes.map((c) => c.key)).toEqual(['a', 'b']);
  });

  it('forgets what could be redone after a new act', () => {
    const state = after({ type: 'add', change: tree('a') }, { type: 'undo' }, { type: 'add', change: tree('b') });
    expect(reduce(state, { type: 'redo' })).toBe(state);
  });

  it('does nothing when there is nothing to undo', () => {
    const state = start();
    expect(reduce(state, { type: 'undo' })).toBe(state);
  });

  it('brings a removed change back in its place', () => {
    const events: Event[] = [{ type: 'add', change: tree('a') }, { type: 'add', change: tree('b') }, { type: 'remove', key: 'a' }, { type: 'undo' }];
    expect(after(...events).changes.map((c) => c.key)).toEqual(['a', 'b']);
  });

  it('takes steps that soon follow each other back in one go', () => {
    const step = (x: number, shiftedAt: number, key = 'a'): Event => ({ type: 'update', key, patch: { geometry: tree(key, x).geometry }, shiftedAt });
    const x = (state: State, key = 'a') => (state.changes.find((c) => c.key === key)!.geometry as { coordinates: number[] }).coordinates[0];
    const placed: Event[] = [{ type: 'add', change: tree('a', 1) }, { type: 'add', change: tree('b', 1) }];
    // Each within a second of the one before, though the last is not within a second of the first.
    const shifted = after(...placed, step(2, 5000), step(3, 5900), step(4, 6900));
    expect(x(shifted)).toBe(4);
    const back = reduce(shifted, { type: 'undo' });
    expect(x(back)).toBe(1);
    expect(x(reduce(back, { type: 'redo' }))).toBe(4);
    expect(shifted.revision).toBe(5);
    // Later, another element, something else in between, or after an undo: an act of its own.
    expect(x(reduce(after(...placed, step(2, 5000), step(3, 6001)), { type: 'undo' }))).toBe(2);
    const other = reduce(after(...placed, step(2, 5000), step(7, 5100, 'b'), step(3, 5200)), { type: 'undo' });
    expect([x(other), x(other, 'b')]).toEqual([2, 7]);
    expect(x(reduce(after(...placed, step(2, 5000), { type: 'update', key: 'a', patch: { rotation: 15 } }, step(3, 5200)), { type: 'undo' }))).toBe(2);
    expect(x(reduce(after(...placed, step(2, 5000), step(3, 5100), { type: 'undo' }, step(9, 5200)), { type: 'undo' }))).toBe(1);
  });

  it('counts a revision for every change of content and none for looking', () => {
    const state = after({ type: 'add', change: tree('a') });
    expect(state.revision).toBe(1);
    expect(reduce(state, { type: 'select', key: null }).revision).toBe(1);
    expect(reduce(state, { type: 'update', key: 'a', patch: { rotation: 15 } }).revision).toBe(2);
    expect(reduce(state, { type: 'update', key: 'gone', patch: { rotation: 15 } })).toBe(state);
    expect(reduce(state, { type: 'text', title: 'Groen', story: '' }).revision).toBe(2);
  });
});

describe('changes on the wire', () => {
  it('carries only the properties that apply', () => {
    expect(toFeatures([tree('a')]).features[0]!.properties).toEqual({ action: 'add', kind: 'tree_small' });
    const bay: Change = { ...tree('b'), action: 'remove', kind: null, object: 12 };
    expect(toFeatures([bay]).features[0]!.properties).toEqual({ action: 'remove', object: 12 });
  });

  it('comes back as it went', () => {
    const bench: Change = { ...tree('c'), kind: 'bench', rotation: 45, width: 0.6 };
    const [back] = fromFeatures(toFeatures([bench]));
    expect({ ...back, key: 'c' }).toEqual(bench);
  });
});
