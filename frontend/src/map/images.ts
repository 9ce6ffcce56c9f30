/** Pictures for the map, drawn from the icon sprite: ink tiles for what residents draw, calm ones for what exists. */
import type { Map as LibreMap } from 'maplibre-gl';
import { sprite } from '../core/sprite';
import type { Verdict } from '../editor/model';
import { FURNITURE, token } from './style';

const RATIO = 3;
const VERDICT_ICON: Record<Verdict, string> = { fits: 'kan', conditional: 'mits', conflict: 'niet', unchecked: 'open' };

let written: Promise<Map<string, string>> | null = null;

/** Symbol id → inner markup. */
function symbols(): Promise<Map<string, string>> {
  const writer = new XMLSerializer();
  const inner = (symbol: Element) => [...symbol.childNodes].map((node) => writer.serializeToString(node)).join('');
  written ??= sprite().then((all) => new Map([...all].map(([id, symbol]) => [id, inner(symbol)])));
  return written;
}

function drawn(svg: string, width: number, height: number): Promise<ImageData> {
  return new Promise((resolve, reject) => {
    const image = new Image(width, height);
    image.onerror = () => reject(new Error('icon'));
    image.onload = () => {
      const canvas = document.createElement('canvas');
      canvas.width = width;
      canvas.height = height;
      // Read back at once: on the graphics card that would wait for everything it is drawing.
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context) return reject(new Error('canvas'));
      context.drawImage(image, 0, 0, width, height);
      resolve(context.getImageData(0, 0, width, height));
    };
    image.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  });
}

const wrap = (size: number, inner: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size * RATIO}" height="${size * RATIO}" fill="none">${inner}</svg>`;

const group = (inner: string, x: number, y: number, scale: number, colour: string): string =>
  `<g transform="translate(${x} ${y}) scale(${scale})" color="${colour}" fill="none" stroke-linecap="round" stroke-linejoin="round">${inner}</g>`;

/** The mark at the lower right of a tile. */
function verdictBadge(all: Map<string, string>, verdict: Verdict): string {
  const name = VERDICT_ICON[verdict];
  const mark = (all.get(`v-${name}`) ?? '').replace(/var\(--v[^)]*\)/g, token(`color-${name}`));
  return `<rect x="37" y="37" width="20" height="20" rx="10" fill="#fff"/>${group(mark, 39, 39, 0.667, token(`color-${name}`))}`;
}

/** What stands in a tile of 60 by 60; one that is chosen has a hand-drawn ring. */
async function tileMarkup({ icon, verdict, removed }: TileLook, selected: boolean): Promise<string> {
  const all = await symbols();
  const ring = selected
    ? `<rect x="3" y="5" width="50" height="50" rx="15" fill="${token('draw-select')}"/>` +
      `<path d="M14 4.5C30 3 44 4 50 9c5 5 4.5 25 3 36-1 8-9 10-20 10.5C20 56 8 55 4.5 47 2 40 2.500 22 4 13c1-5 5-8 12-8.5" stroke="${token('draw-tile')}" stroke-width="2" stroke-linecap="round" fill="none"/>`
    : '';
  const badge = verdict ? verdictBadge(all, verdict) : '';
  const body = `<rect x="9" y="11" width="38" height="38" rx="9" fill="${token(removed ? 'draw-remove' : 'draw-tile')}" stroke="#fff" stroke-width="2"/>`;
  return ring + body + group(all.get(icon) ?? all.get('i-lagen') ?? '', 16, 18, 1, '#fff') + badge;
}

/** Diagonal chalk; `gap` in pixels must fit the tile exactly or the pattern shows seams. */
function hatch(colour: string, background: number, gap = 5): Promise<ImageData> {
  const size = gap * 2;
  const inner =
    `<rect width="${size}" height="${size}" fill="${colour}" fill-opacity="${background}"/>` +
    `<path d="M${-gap} ${gap}L${gap} ${-gap}M0 ${size}L${size} 0M${gap} ${gap * 3}L${gap * 3} ${gap}" stroke="${colour}" stroke-width="1.7" stroke-opacity=".8"/>`;
  return drawn(wrap(size, inner), size * RATIO, size * RATIO);
}

function dots(): Promise<ImageData> {
  const inner = `<circle cx="3" cy="3" r=".8" fill="${token('map-label')}" fill-opacity=".26"/><circle cx="9" cy="9" r=".8" fill="${token('map-label')}" fill-opacity=".26"/>`;
  return drawn(wrap(12, inner), 12 * RATIO, 12 * RATIO);
}

async function calm(icon: string): Promise<ImageData> {
  const all = await symbols();
  const body = `<circle cx="13" cy="13" r="12" fill="${token('map-halo')}" stroke="${token('map-building-line')}"/>`;
  return drawn(wrap(26, body + group(all.get(icon) ?? '', 4, 4, 0.75, token('map-label'))), 26 * RATIO, 26 * RATIO);
}

export const HATCHES = { green: 0.22, water: 0.24, paving: 0.18, remove: 0.12 } as const;
export type Chalk = keyof typeof HATCHES;

function add(map: LibreMap, name: string, image: ImageData): void {
  if (!map.hasImage(name)) map.addImage(name, image, { pixelRatio: RATIO });
}

/** Everything the base map and the chalk fills need. */
export async function addBaseImages(map: LibreMap): Promise<void> {
  const furniture = Object.entries(FURNITURE).map(async ([kind, icon]) => add(map, `f-${kind}`, await calm(icon)));
  const chalk = Object.entries(HATCHES).map(async ([name, weight]) => add(map, `h-${name}`, await hatch(token(`draw-${name}`), weight)));
  await Promise.all([...furniture, ...chalk, dots().then((image) => add(map, 'estimated', image))]);
}

export interface TileLook {
  icon: string;
  verdict: Verdict | null;
  removed: boolean;
}

const tileName = (look: TileLook): string => `e-${look.icon}-${look.verdict ?? ''}-${look.removed ? 1 : 0}`;

/** Draws the tile once per look and answers its name in the map. */
export async function ensureTile(map: LibreMap, look: TileLook): Promise<string> {
  const name = tileName(look);
  if (!map.hasImage(name)) add(map, name, await drawn(wrap(60, await tileMarkup(look, false)), 60 * RATIO, 60 * RATIO));
  return name;
}

/** The tile of what is chosen, to draw over the map. */
export async function chosenTile(look: TileLook): Promise<SVGElement> {
  const file = new DOMParser().parseFromString(wrap(60, await tileMarkup(look, true)), 'image/svg+xml');
  const picture = document.createElementNS('http://www.w3.org/2000/svg', 'g');
  picture.append(...document.importNode(file.documentElement, true).childNodes);
  return picture;
}

/** A pile of tiles, for what stands too close together to show apart; the map writes the count on it. */
export async function ensureCluster(map: LibreMap, verdict: Verdict | null): Promise<string> {
  const name = `g-${verdict ?? ''}`;
  if (!map.hasImage(name)) {
    const stone = (x: number, y: number) =>
      `<rect x="${x}" y="${y}" width="42" height="42" rx="9" fill="${token('draw-tile')}" stroke="#fff" stroke-width="2"/>`;
    const badge = verdict ? verdictBadge(await symbols(), verdict) : '';
    add(map, name, await drawn(wrap(60, stone(14, 4) + stone(9, 9) + badge), 60 * RATIO, 60 * RATIO));
  }
  return name;
}

/** A balloon that points at a place: somebody said something there, or is asked something. */
export async function addBalloon(map: LibreMap, name: string, icon: string): Promise<void> {
  const all = await symbols();
  const inner = `<path d="M6 4h28a5 5 0 0 1 5 5v18a5 5 0 0 1-5 5H22l-8 8v-8H6a5 5 0 0 1-5-5V9a5 5 0 0 1 5-5Z" transform="translate(2 0)" fill="${token('color-surface')}" stroke="${token('draw-tile')}" stroke-width="2"/>${group(all.get(icon) ?? '', 10, 6, 1, token('draw-tile'))}`;
  add(map, name, await drawn(wrap(44, inner), 44 * RATIO, 44 * RATIO));
}
