/** Where the line between two sides is, by pulling its grip or with the range under the map; both say the same. */
import { h, icon } from '../core/dom';

/** The line stays a grip's half away from the edge, so that it can always be taken hold of. */
export const MARGIN_PX = 28;

/** Share of the width (0 to 100) at a place of the window, in a box from `left` to `left + width`. */
export function shareAt(clientX: number, left: number, width: number): number {
  return width > 0 ? Math.min(100, Math.max(0, ((clientX - left) / width) * 100)) : 50;
}

/** Where the line stands for a share, in pixels from the left. */
export function lineAt(share: number, width: number): number {
  if (share <= 0) return 0;
  if (share >= 100) return width;
  return width <= 2 * MARGIN_PX ? width / 2 : Math.min(width - MARGIN_PX, Math.max(MARGIN_PX, (share / 100) * width));
}

export class Slider {
  readonly line: HTMLElement;
  readonly range = h('input', { type: 'range', min: 0, max: 100, step: 1, value: 50, id: 'schuif' });
  private readonly grip: HTMLElement;
  private share = 50;

  constructor(
    private readonly box: HTMLElement,
    private readonly words: (share: number) => string,
  ) {
    this.grip = h('div', { class: 'swipe-grip' }, icon('i-vergelijk'));
    this.line = h('div', { class: 'swipe-line', 'aria-hidden': 'true' }, this.grip);
    this.range.addEventListener('input', () => this.set(Number(this.range.value)));
    this.grip.addEventListener('pointerdown', (event) => this.take(event));
    new ResizeObserver(() => this.show()).observe(box);
    this.show();
  }

  /** How much of the width A has, 0 to 100. */
  set(share: number): void {
    this.share = Math.min(100, Math.max(0, share));
    this.range.value = String(Math.round(this.share));
    this.show();
  }

  private take(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    this.grip.setPointerCapture(event.pointerId);
    const pull = (moved: PointerEvent) => {
      const { left, width } = this.box.getBoundingClientRect();
      this.set(shareAt(moved.clientX, left, width));
    };
    const end = () => {
      this.grip.removeEventListener('pointermove', pull);
      this.grip.removeEventListener('pointerup', end);
      this.grip.removeEventListener('pointercancel', end);
    };
    this.grip.addEventListener('pointermove', pull);
    this.grip.addEventListener('pointerup', end);
    this.grip.addEventListener('pointercancel', end);
  }

  private show(): void {
    this.box.style.setProperty('--split', `${lineAt(this.share, this.box.clientWidth).toFixed(1)}px`);
    this.range.setAttribute('aria-valuetext', this.words(Math.round(this.share)));
  }
}
