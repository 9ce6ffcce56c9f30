// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { DraftBox, type Draft } from './drafts';
import type { Change } from './model';

const storage = window.localStorage;
let time = 0;
beforeEach(() => storage.clear());

const change = (key: string): Change => ({
  key, action: 'add', kind: 'bench', object: null, objectKind: null, geometry: { type: 'Point', coordinates: [1, 2] }, rotation: 0, width: null,
});
const draft = (keys: string[], saved = false): Omit<Draft, 'writtenAt'> => ({
  content: { title: '', story: '', changes: keys.map(change) },
  server: { id: 'd1', etag: null, idempotencyKey: 'k', attempted: true, status: 'draft' },
  revision: 3, savedRevision: saved ? 3 : 2, remixOf: null,
});
const box = (tab: string, design = 'new') => new DraftBox(storage, 'straat', design, tab, () => ++time);

describe('the drawing on this device', () => {
  it('comes back after a reload of the same tab', () => {
    box('een').write(draft(['a']));
    box('twee').write(draft(['b']));
    expect(box('een').read()!.content.changes[0]!.key).toBe('a');
  });

  it('comes back in a new tab after the old one was closed', () => {
    box('een').write(draft(['a']));
    box('twee').write(draft(['b']));
    expect(box('drie').read()!.content.changes[0]!.key).toBe('b');
  });

  it('does not mix designs and assignments', () => {
    box('een', 'd1').write(draft(['a']));
    expect(box('een').read()).toBeNull();
    expect(new DraftBox(storage, 'plein', 'd1', 'een').read()).toBeNull();
  });

  it('sets an unsaved drawing aside before another one takes its place', () => {
    const mine = box('een');
    mine.write(draft(['a']));
    mine.setAside();
    mine.write(draft(['b'], true));
    expect(mine.others(mine.read()).map(({ draft: other }) => other.content.changes[0]!.key)).toEqual(['a']);
    // What the server has needs no copy.
    mine.setAside();
    expect(mine.others(mine.read())).toHaveLength(1);
  });

  it('offers an unsaved drawing of another tab, and no saved or equal ones', () => {
    box('een').write(draft(['a']));
    box('twee').write(draft(['b'], true));
    box('drie').write(draft(['c']));
    const mine = box('drie');
    expect(mine.others(mine.read()).map(({ tab }) => tab)).toEqual(['een']);
  });

  it('forgets this tab and saved copies after submitting, never an unsaved drawing of another tab', () => {
    box('een').write(draft(['a']));
    box('twee').write(draft(['b'], true));
    box('drie').write(draft(['c']));
    box('drie').clear('d1');
    expect(storage.length).toBe(1);
    expect(box('een').read()!.content.changes[0]!.key).toBe('a');
  });

  it('says so when the browser stores nothing, and survives what it cannot read', () => {
    const none = new DraftBox(null, 'straat', 'new', 'een');
    none.write(draft(['a']));
    expect(none.full).toBe(true);
    storage.setItem('stoepkrijt:draft:straat:new:kapot', '{"content":');
    expect(box('een').read()).toBeNull();
  });
});
