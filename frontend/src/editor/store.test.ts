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
