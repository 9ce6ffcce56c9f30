/** The end of a pull, wherever the pointer is by then: over a card, outside the window, or taken away by the system. */

/** Calls `end` once, with whether what was pulled stays: Escape, and a touch that the system takes over, put it back. */
export function untilReleased(end: (kept: boolean) => void): void {
  const over = new AbortController();
  const stop = (kept: boolean) => {
    over.abort();
    end(kept);
  };
  const { signal } = over;
  addEventListener('mouseup', () => stop(true), { signal });
  addEventListener('touchend', () => stop(true), { signal });
  addEventListener('touchcancel', () => stop(false), { signal });
  addEventListener('blur', () => stop(true), { signal });
  addEventListener(
    'keydown',
    (event) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      stop(false);
    },
    { signal, capture: true },
  );
}
