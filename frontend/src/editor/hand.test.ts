import { describe, expect, it } from 'vitest';
import { apart, fromSegment } from './hand';

describe('how far a finger is', () => {
  it('is measured square to a line between its ends', () => {
    expect(fromSegment({ x: 5, y: 3 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(3);
  });

  it('is measured to the nearer end beyond them', () => {
    expect(fromSegment({ x: 13, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
    expect(fromSegment({ x: -3, y: 4 }, { x: 0, y: 0 }, { x: 10, y: 0 })).toBe(5);
  });

  it('is the distance to a place where both ends are one', () => {
    expect(fromSegment({ x: 3, y: 4 }, { x: 0, y: 0 }, { x: 0, y: 0 })).toBe(apart({ x: 3, y: 4 }, { x: 0, y: 0 }));
  });
});
