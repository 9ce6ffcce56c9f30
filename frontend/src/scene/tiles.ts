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
  /** Equal tiles may stand for each other. */
  look: string;
  chosen: boolean;
  count: number;
  number: HTMLElement;
}

const covers = ({ place: a }: Tile, { place: b }: Tile): boolean => !!a && !!b && Math.abs(a.x - b.x) < APART_PX && Math.abs(a.y - b.y) < APART_PX;

export class Tiles {
  readonly element = h('div', { class: 'scene-tiles', 'aria-hidden': 'true' });
  private tiles: Tile[] = [];

  show(changes: readonly SceneChange[], selected: string | null, stand: (change: SceneChange) => { at: Spot; up: number }): void {
    const wanted = changes.filter((change) => change.key === selected || (change.verdict !== null && change.verdict !== 'fits'));
    this.tiles = wanted.map((change) => {
      const chosen = change.key === selected;
      const mark = change.verdict && h('span', { class: `scene-mark v-${MARK[change.verdict]}` }, icon(`v-${MARK[change.verdict]}`, 18));
      const state = [change.action === 'remove' && 'scene-gone', chosen && 'scene-chosen'].filter(Boolean).join(' ');
      const number = h('span', { class: 'scene-count', hidden: true });
      const element = h('span', { class: `scene-tile ${state}` }, icon(change.icon), mark, number);
      return { key: change.key, ...stand(change), place: null, element, number, count: 1, chosen, look: [change.icon, change.verdict, change.action, chosen].join() };
    });
    this.element.replaceChildren(...this.tiles.map(({ element }) => element));
  }

  /** Puts the tiles where their things are. Where two would cover each other, equal ones become one with a count. */
  move(project: (spot: Spot, up: number) => { x: number; y: number } | null): void {
    for (const tile of this.tiles) tile.place = project(tile.at, tile.up);
    const shown: Tile[] = [];
    // What is nearest stands lowest on the screen and keeps its place.
    for (const tile of [...this.tiles].sort((a, b) => Number(b.chosen) - Number(a.chosen) || (b.place?.y ?? 0) - (a.place?.y ?? 0))) {
      tile.count = 1;
      const same = tile.place && shown.find((other) => other.look === tile.look && covers(other, tile));
      tile.element.hidden = tile.place === null || same !== undefined;
      if (same) same.count++;
      if (same || !tile.place) {
        tile.place = null;
        continue;
      }
      for (const other of shown) if (covers(other, tile)) tile.place.y = other.place!.y - APART_PX;
      shown.push(tile);
    }
    for (const { element, place, count, number } of shown) {
      element.style.transform = `translate(${Math.round(place!.x - HALF_PX)}px, ${Math.round(place!.y - HALF_PX)}px)`;
      number.hidden = count < 2;
      number.textContent = String(count);
    }
  }

  /** The change whose tile is under a pixel. */
  at(x: number, y: number): string | null {
    const near = this.tiles.filter(({ place }) => place && Math.max(Math.abs(place.x - x), Math.abs(place.y - y)) <= REACH_PX);
    return near.at(-1)?.key ?? null;
  }
}
