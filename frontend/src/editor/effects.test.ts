// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { counted, rough } from './effects';

describe('amounts on the screen', () => {
  it('are rounded so that an estimate does not look like an invoice', () => {
    expect([84, 809, 2554, 10585, 121_340].map(rough)).toEqual([84, 810, 2600, 11_000, 120_000]);
  });
});

describe('how many changes need attention', () => {
  it('does not count as possible what nobody checked', () => {
    expect(counted(0, 1, 11)).toBe('1 vraagt aandacht, 11 niet gecontroleerd.');
    expect(counted(1, 2, 0)).toBe('1 kan, 2 vragen aandacht.');
    expect(counted(3, 1, 1)).toBe('3 kunnen, 1 vraagt aandacht, 1 niet gecontroleerd.');
  });
});
