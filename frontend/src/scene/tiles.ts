/** Ink tiles over the picture, for changes that need attention. Decoration: the list says the same, and clicks go to the picture. */
import { h, icon } from '../core/dom';
import type { Verdict } from '../editor/model';
import type { SceneChange } from './design';
import type { Spot } from './local';

const MARK: Record<Verdict, string> = { fits: 'kan', conditional: 'mits', conflict: 'niet', unchecked: 'open' };
const HALF_PX = 19;
const REACH_PX = 24;
const APART_PX = 44;

interface Tile {
  key: string;
  at: Spot;
  up: number;
  element: HTMLElement;
  place: { x: number; y: number } | null;
}

export class Tiles {
  readonly element = h('div', { class: 'scene-tiles', 'aria-hidden': 'true' });
  private tiles: Tile[] = [];

  show(changes: readonly SceneChange[], selected: string | null, stand: (change: SceneChange) => { at: Spot; up: number }): void {
    const wanted = changes.filter((change) => change.key === selected || (change.verdict !== null && change.verdict !== 'fits'));
    this.tiles = wanted.map((change) => {
      const mark = change.verdict && h('span', { class: `scene-mark v-${MARK[change.verdict]}` }, icon(`v-${MARK[change.verdict]}`, 18));
      const state = [change.action === 'remove' && 'scene-gone', change.key === selected && 'scene-chosen'].filter(Boolean).join(' ');
      return { key: change.key, ...stand(change), place: null, element: h('span', { class: `scene-tile ${state}` }, icon(change.icon), mark) };
    });
    this.element.replaceChildren(...this.tiles.map(({ element }) => element));
  }

  /** Puts the tiles where their things are; one that would cover another stands above it. */
  move(project: (spot: Spot, up: number) => { x: number; y: number } | null): void {
    for (const tile of this.tiles) tile.place = project(tile.at, tile.up);
    const taken: { x: number; y: number }[] = [];
    for (const tile of [...this.tiles].sort((a, b) => (b.place?.y ?? 0) - (a.place?.y ?? 0))) {
      tile.element.hidden = tile.place === null;
      if (!tile.place) continue;
      for (const other of taken) {
        if (Math.abs(other.x - tile.place.x) < APART_PX && Math.abs(other.y - tile.place.y) < APART_PX) tile.place.y = other.y - APART_PX;
      }
      taken.push(tile.place);
      tile.element.style.transform = `translate(${Math.round(tile.place.x - HALF_PX)}px, ${Math.round(tile.place.y - HALF_PX)}px)`;
    }
  }

  /** The change whose tile is under a pixel. */
  at(x: number, y: number): string | null {
    const near = this.tiles.filter(({ place }) => place && Math.max(Math.abs(place.x - x), Math.abs(place.y - y)) <= REACH_PX);
    return near.at(-1)?.key ?? null;
  }
}
