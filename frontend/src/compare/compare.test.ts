import { describe, expect, it } from 'vitest';
import { carried, tileScale } from './overlay';
import { lineAt, MARGIN_PX, shareAt } from './slider';

describe('the line between two sides', () => {
  it('is where the finger is, and never outside the map', () => {
    expect(shareAt(300, 100, 400)).toBe(50);
    expect(shareAt(100, 100, 400)).toBe(0);
    expect(shareAt(-80, 100, 400)).toBe(0);
    expect(shareAt(900, 100, 400)).toBe(100);
    expect(shareAt(10, 0, 0)).toBe(50);
  });

  it('keeps its grip within reach, and goes to the edge only when asked for all of one side', () => {
    expect(lineAt(50, 400)).toBe(200);
    expect(lineAt(2, 400)).toBe(MARGIN_PX);
    expect(lineAt(99, 400)).toBe(400 - MARGIN_PX);
    expect(lineAt(0, 400)).toBe(0);
    expect(lineAt(100, 400)).toBe(400);
    expect(lineAt(30, 40)).toBe(20);
  });
});

describe('tiles of a comparison', () => {
  it('are half as large from afar and never larger than drawn', () => {
    expect([12, 15, 18.5, 22].map(tileScale)).toEqual([0.5, 0.5, 1, 1]);
  });
});

describe('a drawing that is carried along', () => {
  const numbers = (text: string) => text.match(/-?[\d.]+/g)!.map(Number);

  it('stays where it is on a map that stands still', () => {
    expect(numbers(carried({ x: 0, y: 0 }, { x: 256, y: 0 }))).toEqual([1, 0, 0, 1, 0, 0]);
  });

  it('follows a push, a zoom and a turn', () => {
    expect(numbers(carried({ x: 30, y: -8 }, { x: 286, y: -8 }))).toEqual([1, 0, 0, 1, 30, -8]);
    expect(numbers(carried({ x: 0, y: 0 }, { x: 512, y: 0 }))).toEqual([2, 0, 0, 2, 0, 0]);
    // A quarter turn clockwise on the screen: right becomes down, down becomes left.
    expect(numbers(carried({ x: 0, y: 0 }, { x: 0, y: 256 }))).toEqual([0, 1, -1, 0, 0, 0]);
  });
});
