// @vitest-environment jsdom
import { beforeEach, describe, expect, it } from 'vitest';
import { ApiError } from '../core/api';
import { SearchBox } from './search';

const place = (label: string) => ({ type: 'Feature', geometry: { type: 'Point', coordinates: [24.9, 60.1] }, properties: { label, kind: 'street' } });

let asked: string[];
let chosen: string[];
let answer: (path: string) => Promise<unknown>;
let box: SearchBox;

beforeEach(() => {
  document.body.replaceChildren();
  asked = [];
  chosen = [];
  answer = async () => ({ features: [place('Fabianinkatu'), place('Kasarmikatu')] });
  box = new SearchBox({
    api: { get: async <T>(path: string) => (asked.push(path), { status: 200, data: (await answer(path)) as T, etag: null }) },
    neighbourhood: 'buurt', wait: 0, onChoose: (found) => chosen.push(found.properties.label),
  });
  document.body.append(box.element);
});

const type = async (text: string) => {
  box.input.value = text;
  await box.search();
};
const press = (key: string) => box.input.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
const options = () => [...box.element.querySelectorAll('[role=option]')];

describe('the search box', () => {
  it('asks within the neighbourhood and lists what it finds', async () => {
    await type('fabian');
    expect(asked).toEqual(['/search?q=fabian&limit=8&neighbourhood=buurt']);
    expect(options().map((o) => o.firstChild!.textContent)).toEqual(['Fabianinkatu', 'Kasarmikatu']);
    expect(box.input.getAttribute('aria-expanded')).toBe('true');
  });

  it('does not ask for one letter', async () => {
    await type('f');
    expect(asked).toEqual([]);
  });

  it('walks through the options with the arrow keys and chooses with Enter', async () => {
    await type('katu');
    press('ArrowDown');
    press('ArrowDown');
    expect(box.input.getAttribute('aria-activedescendant')).toBe(options()[1]!.id);
    expect(options()[1]!.getAttribute('aria-selected')).toBe('true');
    press('ArrowDown');
    press('ArrowUp');
    press('Enter');
    expect(chosen).toEqual(['Kasarmikatu']);
    expect(box.input.value).toBe('Kasarmikatu');
    expect(box.input.getAttribute('aria-expanded')).toBe('false');
  });

  it('finds what is typed when Enter comes before its answer', async () => {
    await type('ka');
    answer = async () => ({ features: [place('Kade 2')] });
    box.input.value = 'kade 2';
    press('Enter');
    await new Promise((done) => setTimeout(done));
    expect(chosen).toEqual(['Kade 2']);
  });

  it('closes with Escape and keeps what was typed', async () => {
    await type('katu');
    press('Escape');
    expect(options()).toHaveLength(0);
    expect(box.input.value).toBe('katu');
  });

  it('shows the answer to the newest question only', async () => {
    let first!: (value: unknown) => void;
    answer = () => new Promise((done) => (first = done));
    const slow = type('fab');
    const late = first;
    answer = async () => ({ features: [place('Nieuw')] });
    await type('nieu');
    late({ features: [place('Oud')] });
    await slow;
    expect(options().map((o) => o.firstChild!.textContent)).toEqual(['Nieuw']);
  });

  it('says in a sentence that nothing was found or that searching fails', async () => {
    answer = async () => ({ features: [] });
    await type('xyz');
    expect(box.element.querySelector('[role=status]')!.textContent).toContain('xyz');
    answer = async () => {
      throw new ApiError(503, 'weg', '');
    };
    await type('xyzz');
    expect(box.element.querySelector('[role=status]')!.textContent).toContain('lukt nu niet');
  });

  it('never reads a label as markup', async () => {
    answer = async () => ({ features: [place('<img src=x onerror=alert(1)>')] });
    await type('img');
    expect(box.element.querySelector('img')).toBeNull();
  });
});
