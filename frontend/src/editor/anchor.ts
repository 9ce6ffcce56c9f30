/** Where the card stands: above (or below) its element on wide screens; on phones it is the sheet. */
import type { Canvas } from './canvas';
import type { Position } from 'geojson';

const WIDE = '(min-width: 821px)';
/** Room for the bar above the map, and between card and element, in pixels. */
const TOP = 76;
const GAP = 44;

export function anchor(card: HTMLElement, canvas: Canvas | null, about: Position | null, box: HTMLElement): void {
  if (!canvas || !about || card.hidden || !matchMedia(WIDE).matches) return void (card.style.transform = '');
  const at = canvas.map.project(about as [number, number]);
  const { clientWidth: width, clientHeight: height } = box;
  const left = Math.min(Math.max(at.x - card.offsetWidth / 2, 12), Math.max(12, width - card.offsetWidth - 76));
  const above = at.y - card.offsetHeight - GAP;
  const below = at.y + GAP;
  const top = above > TOP || below + card.offsetHeight > height - 12 ? Math.max(TOP, above) : below;
  card.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  card.dataset.side = top === below ? 'below' : 'above';
  card.style.setProperty('--arrow', `${Math.round(Math.min(Math.max(at.x - left - 9, 16), card.offsetWidth - 34))}px`);
}
