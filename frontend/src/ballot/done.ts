/** The page with a receipt. */
import { finish } from './send';

export function start(element: HTMLElement): void {
  finish(element);
}
