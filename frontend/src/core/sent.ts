/** The thanks on a design's page, for who just sent it in from the workshop: once, in this tab. */
const KEY = 'stoepkrijt:sent';

export type Sent = 'design' | 'version';

export function remember(design: string, what: Sent): void {
  try {
    sessionStorage.setItem(KEY, JSON.stringify([design, what]));
  } catch {
    // A browser that stores nothing shows the design without thanks.
  }
}

/** What was sent in, if it was this design; a second time it is over. */
export function recall(design: string): Sent | null {
  try {
    const [id, what] = JSON.parse(sessionStorage.getItem(KEY) ?? '[]') as [string?, Sent?];
    if (id !== design || !what) return null;
    sessionStorage.removeItem(KEY);
    return what;
  } catch {
    return null;
  }
}

export function start(element: HTMLElement): void {
  const what = recall(element.dataset.design ?? '');
  element.querySelector<HTMLElement>(`[data-sent="${what}"]`)?.removeAttribute('hidden');
}
