/** Where the card stands: above its element, else below or beside it, never over it; on phones it is the sheet. */
import type { Canvas } from './canvas';
import type { Position } from 'geojson';

const WIDE = '(min-width: 821px)';
/** Room for the bar above the map, and between card and element, in pixels. */
const TOP = 76;
const GAP = 44;
const EDGE = 12;
/** The zoom buttons at the right. */
const BUTTONS = 76;

export function anchor(card: HTMLElement, canvas: Canvas | null, about: Position | null, box: HTMLElement): void {
  if (!canvas || !about || card.hidden || !matchMedia(WIDE).matches) return void (card.style.transform = '');
  const at = canvas.elsewhere ? canvas.elsewhere.project(about) : canvas.map.project(about as [number, number]);
  if (!at) return void (card.style.transform = '');
  const room = { width: box.clientWidth, height: box.clientHeight };
  const size = { width: card.offsetWidth, height: card.offsetHeight };
  const place = clearOf(canvas.elsewhere?.corner() ?? null, spot(at, size, room), size, room);
  card.style.transform = `translate(${Math.round(place.left)}px, ${Math.round(place.top)}px)`;
  card.dataset.side = place.side;
  const along = place.side === 'above' || place.side === 'below' ? at.x - place.left : at.y - place.top;
  const extent = place.side === 'above' || place.side === 'below' ? card.offsetWidth : card.offsetHeight;
  card.style.setProperty('--arrow', `${Math.round(Math.min(Math.max(along - 9, 16), extent - 34))}px`);
}

/** Beside controls that take the lower left corner, so that both can be used. */
export function clearOf<P extends { left: number; top: number }>(corner: { right: number; top: number } | null, place: P, card: Extent, room: Extent): P {
  if (!corner || place.left >= corner.right || place.top + card.height <= corner.top) return place;
  return { ...place, left: Math.min(corner.right + EDGE, Math.max(EDGE, room.width - card.width - BUTTONS)) };
}

interface Extent {
  width: number;
  height: number;
}

/** Top left of the card for an element at a point of the map, all in pixels. */
export function spot(at: { x: number; y: number }, card: Extent, room: Extent): { left: number; top: number; side: 'above' | 'below' | 'left' | 'right' } {
  const left = between(at.x - card.width / 2, EDGE, room.width - card.width - BUTTONS);
  const top = between(at.y - card.height / 2, TOP, room.height - card.height - EDGE);
  if (at.y - card.height - GAP >= TOP) return { left, top: at.y - card.height - GAP, side: 'above' };
  if (at.y + GAP + card.height <= room.height - EDGE) return { left, top: at.y + GAP, side: 'below' };
  if (at.x + GAP + card.width <= room.width - BUTTONS) return { left: at.x + GAP, top, side: 'right' };
  if (at.x - GAP - card.width >= EDGE) return { left: at.x - GAP - card.width, top, side: 'left' };
  // A tall card on a low map: beside the element on the side with more room, as far as the edge lets it.
  if (at.x < room.width / 2) return { left: Math.max(0, Math.min(at.x + GAP, room.width - card.width - EDGE)), top, side: 'right' };
  return { left: Math.max(EDGE, at.x - GAP - card.width), top, side: 'left' };
}

const between = (value: number, low: number, high: number): number => Math.max(low, Math.min(value, high));
