// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { rough } from './effects';

describe('amounts on the screen', () => {
  it('are rounded so that an estimate does not look like an invoice', () => {
    expect([84, 809, 2554, 10585, 121_340].map(rough)).toEqual([84, 810, 2600, 11_000, 120_000]);
  });
});
