import { describe, expect, it } from 'vitest';
import type { Verdict } from '../editor/model';
import { grouped, mostSerious, pixels, REACH_PX, SINGLE_ZOOM, splitZoom, type Place } from './cluster';

const place = (key: string, x: number, y = 0, verdict: Verdict | null = 'fits'): Place => ({ key, x, y, verdict });
const names = (groups: ReturnType<typeof grouped>) => groups.map((group) => group.members.map((member) => member.key).join(''));
const apart = (a: Place, b: Place) => Math.hypot(a.x - b.x, a.y - b.y);

/** The same sequence every time (mulberry32). */
function random(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

function crowd(seed: number): Place[] {
  const next = random(seed);
  const verdicts: (Verdict | null)[] = ['fits', 'conditional', 'conflict', 'unchecked', null];
  // Far from zero: these are pixels of the whole world.
  return Array.from({ length: Math.floor(next() * 120) }, (_, i) =>
    place(`k${i}`, 8.9e7 + Math.floor(next() * 600), 5.6e7 + Math.floor(next() * 300), verdicts[Math.floor(next() * 5)]!));
}

describe('grouping', () => {
  it('takes together what lies within 44 px, and nothing more', () => {
    expect(names(grouped([place('a', 0), place('b', 44), place('c', 89)]))).toEqual(['ab', 'c']);
    expect(names(grouped([place('a', 0), place('b', 45)]))).toEqual(['a', 'b']);
    // 26.4 and 35.2 make 44 (3-4-5).
    expect(names(grouped([place('a', 0), place('b', 26.4, 35.2)]))).toEqual(['ab']);
    expect(names(grouped([place('a', 0), place('b', 26.5, 35.3)]))).toEqual(['a', 'b']);
  });

  it('does not chain a whole street together', () => {
    // A tree each 30 px: a middle reaches one to each side.
    const row = Array.from({ length: 9 }, (_, i) => place(`t${i}`, i * 30));
    expect(Math.max(...grouped(row).map((group) => group.members.length))).toBe(3);
  });

  it('knows the most serious verdict and counts everybody', () => {
    const [group] = grouped([place('a', 0, 0, 'fits'), place('b', 5, 0, 'conflict'), place('c', 9, 0, 'unchecked'), place('d', 3, 0, null)]);
    expect(group!.members).toHaveLength(4);
    expect(group!.verdict).toBe('conflict');
    expect(mostSerious(['fits', 'unchecked'])).toBe('unchecked');
    expect(mostSerious(['unchecked', 'conditional'])).toBe('conditional');
    expect(mostSerious([null, 'fits'])).toBe('fits');
    expect(mostSerious([null])).toBeNull();
    expect(grouped([])).toEqual([]);
  });

  it('holds for any crowd: everybody once, near the middle, middles apart, in whatever order', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const all = crowd(seed);
      const groups = grouped(all);
      expect(groups.flatMap((group) => group.members.map((member) => member.key)).sort()).toEqual(all.map((one) => one.key).sort());
      for (const { middle, members } of groups) {
        expect(members).toContain(middle);
        for (const member of members) expect(apart(middle, member)).toBeLessThanOrEqual(REACH_PX);
      }
      groups.forEach((a, i) => groups.slice(i + 1).forEach((b) => expect(apart(a.middle, b.middle)).toBeGreaterThan(REACH_PX)));
      const next = random(seed + 1000);
      const shuffled = all.map((one) => ({ one, at: next() })).sort((a, b) => a.at - b.at).map(({ one }) => one);
      expect(names(grouped(shuffled))).toEqual(names(groups));
    }
  });

  it('does not change when the map is panned', () => {
    const all = crowd(7);
    expect(names(grouped(all.map((one) => ({ ...one, x: one.x - 5000, y: one.y + 300 }))))).toEqual(names(grouped(all)));
  });
});

describe('coming apart', () => {
  it('is where the group is longer than two reaches', () => {
    // 22 px at zoom 14 is 44 at 15 and 88 at 16.
    const trio = [place('a', 0), place('b', 10), place('c', 22)];
    const zoom = splitZoom({ members: trio }, 14);
    expect(zoom).toBeGreaterThan(16);
    expect(zoom).toBeLessThan(16.05);
    const there = trio.map((one) => ({ ...one, x: one.x * 2 ** (zoom - 14) }));
    expect(grouped(there).length).toBeGreaterThan(1);
  });

  it('is at most where every tile stands by itself', () => {
    expect(splitZoom({ members: [place('a', 4), place('b', 4)] }, 15)).toBe(SINGLE_ZOOM);
    expect(splitZoom({ members: [place('a', 0), place('b', 1)] }, 15)).toBe(SINGLE_ZOOM);
  });

  it('splits every group of any crowd', () => {
    for (let seed = 1; seed <= 30; seed++) {
      for (const { members } of grouped(crowd(seed))) {
        if (members.length === 1) continue;
        const zoom = splitZoom({ members }, 12);
        const there = members.map((one) => ({ ...one, x: one.x * 2 ** (zoom - 12), y: one.y * 2 ** (zoom - 12) }));
        if (zoom < SINGLE_ZOOM) expect(grouped(there).length).toBeGreaterThan(1);
      }
    }
  });
});

it('measures the world in pixels of 512 px tiles', () => {
  expect(pixels([0, 0], 0)).toEqual({ x: 256, y: 256 });
  expect(pixels([180, 85.0511287798066], 1).x).toBe(1024);
  expect(pixels([180, 85.0511287798066], 1).y).toBeCloseTo(0, 6);
  // One degree of longitude at zoom 9 is 512 * 512 / 360 px.
  expect(pixels([5, 52], 9).x - pixels([4, 52], 9).x).toBeCloseTo(728.1778, 3);
});
