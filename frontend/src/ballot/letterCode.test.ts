import { describe, expect, it } from 'vitest';
import { codeIn, grouped } from './letterCode';

describe('the code from a letter', () => {
  it('is read from a fragment that is one', () => {
    expect(codeIn('#code=7H2K9QRD4M0W')).toBe('7H2K9QRD4M0W');
    expect(codeIn('#code=7h2k-9qrd-4m0w')).toBe('7h2k-9qrd-4m0w');
  });
  it('is not read from any other', () => {
    for (const other of ['', '#', '#stem', '#code=', '#code=7H2K', '#code=<script>alert', '#code=7H2K9QRD4M0W&x=1', '#optie-A']) {
      expect(codeIn(other)).toBeNull();
    }
  });
  it('is shown as on the letter', () => {
    expect(grouped('7H2K9QRD4M0W')).toBe('7H2K-9QRD-4M0W');
    expect(grouped('7h2k-9qrd-4m0w')).toBe('7H2K-9QRD-4M0W');
  });
});
