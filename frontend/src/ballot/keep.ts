/**
 * A choice stays in this tab until the server has said that it has it: a lost connection or a page that loads again
 * loses nothing. Session storage, so that nobody who comes later to a shared computer finds it.
 */
import type { Chosen } from './model';

const key = (round: string): string => `stoepkrijt.ballot.${round}`;

export function keep(round: string, chosen: Chosen): void {
  try {
    sessionStorage.setItem(key(round), JSON.stringify(chosen));
  } catch {
    // Full or forbidden: the form still holds it.
  }
}

export function kept(round: string): unknown {
  try {
    return JSON.parse(sessionStorage.getItem(key(round)) ?? 'null');
  } catch {
    return null;
  }
}

export function forget(round: string): void {
  try {
    sessionStorage.removeItem(key(round));
  } catch {
    // Then there was nothing to forget.
  }
}
