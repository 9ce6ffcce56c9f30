import { describe, expect, it } from 'vitest';
import { best, found, plain } from './finder';

describe('finding an element', () => {
  it('takes no notice of accents, capitals and brackets', () => {
    expect(plain('  Façade-Garden (klein) ')).toBe('facade garden klein');
    expect(found('facade', 'Façade garden')).toBe(true);
    expect(found('GEVELTUIN', 'Geveltuin')).toBe(true);
  });

  it('finds parts of words, several in any order', () => {
    expect(found('tuin', 'Geveltuin')).toBe(true);
    expect(found('klein boom', 'Boom 3e grootte (klein)')).toBe(true);
    expect(found('klein groot', 'Boom 3e grootte (klein)')).toBe(true);
    expect(found('klein bank', 'Boom 3e grootte (klein)')).toBe(false);
  });

  it('forgives one letter in longer words', () => {
    expect(found('lataarn', 'Lantaarn')).toBe(true);
    expect(found('lantaarm', 'Lantaarn')).toBe(true);
    expect(found('lanttaarn', 'Lantaarn')).toBe(true);
    expect(found('latnaarn', 'Lantaarn')).toBe(true);
    expect(found('bnak', 'Bank')).toBe(false);
    expect(found('lemtearn', 'Lantaarn')).toBe(false);
  });

  it('takes the beginnings of words before the middles', () => {
    const kinds = ['Small street tree', 'Street light', 'Façade garden'];
    expect(best('tree', kinds, (name) => name)).toEqual(['Small street tree']);
    expect(best('street', kinds, (name) => name)).toEqual(['Small street tree', 'Street light']);
    expect(best('arden', kinds, (name) => name)).toEqual(['Façade garden']);
    expect(best('', kinds, (name) => name)).toEqual(kinds);
  });

  it('finds everything when nothing is asked', () => {
    expect(found('  ', 'Bank')).toBe(true);
  });
});
