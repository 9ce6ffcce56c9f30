/** Finding an element by its name: in both languages, without accents, by parts of words, with a slip of the finger. */

/** Without accents, capitals and punctuation. */
export const plain = (text: string): string =>
  text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();

/** From this length on one wrong, missing, extra or swapped letter is forgiven. */
const FORGIVING = 5;

/** Whether every word of the question occurs in the text, in any order. Nothing asked matches all. */
export function found(question: string, text: string): boolean {
  const asked = plain(question).split(' ').filter(Boolean);
  const there = plain(text);
  const words = there.split(' ');
  return asked.every((word) => there.includes(word) || (word.length >= FORGIVING && words.some((other) => almost(word, other))));
}

/** The same, but every word asked is the beginning of a word: "tree" is in "street", but nobody means that. */
export function begins(question: string, text: string): boolean {
  const asked = plain(question).split(' ').filter(Boolean);
  const words = plain(text).split(' ');
  return asked.every((word) => words.some((other) => other.startsWith(word)));
}

/** What is meant: all that begin so, else all that have it somewhere. */
export function best<T>(question: string, all: readonly T[], words: (one: T) => string): T[] {
  const meant = all.filter((one) => begins(question, words(one)));
  return meant.length ? meant : all.filter((one) => found(question, words(one)));
}

/** Whether a word is the beginning of another but for one letter. */
function almost(word: string, other: string): boolean {
  const lengths = [word.length - 1, word.length, word.length + 1].filter((n) => n <= other.length);
  return lengths.some((n) => oneOff(word, other.slice(0, n)));
}

/** One letter changed, missing, extra, or two neighbours swapped. */
function oneOff(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1) return false;
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  const [restA, restB] = [a.slice(start), b.slice(start)];
  if (restA.slice(1) === restB.slice(1)) return true;
  if (restA.slice(1) === restB || restA === restB.slice(1)) return true;
  return restA.length > 1 && restA[0] === restB[1] && restA[1] === restB[0] && restA.slice(2) === restB.slice(2);
}
