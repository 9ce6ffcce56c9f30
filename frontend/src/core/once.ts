/**
 * A plain form is sent once, however often one presses: pressing again while the answer is on its way would make a second
 * poll, or tell a planner that a colleague was first.
 */
const AGAIN_MS = 4_000;

export function sendOnce(): void {
  let sent = new WeakMap<HTMLFormElement, number>();
  document.addEventListener('submit', (event) => {
    const form = event.target as HTMLFormElement;
    // What a module sends itself is its own care. (As an attribute: a field may be called "method".)
    if (event.defaultPrevented || form.getAttribute('method') !== 'post') return;
    const now = performance.now();
    if (now - (sent.get(form) ?? -AGAIN_MS) < AGAIN_MS) event.preventDefault();
    else sent.set(form, now);
  });
  // Back on the page with the form as it was left.
  window.addEventListener('pageshow', () => (sent = new WeakMap()));
}
