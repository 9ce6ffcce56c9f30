/**
 * How parts hang in the workshop. A part is a file with a function `(bench: Bench) => Part`, named once in `parts.ts`:
 * it gives tools for the bar above the map, a panel (a place on wide screens, a tab with a sheet on phones), and is told
 * when the map is there and when the drawing changed. The workshop itself knows no part by name.
 */
import type { Position } from 'geojson';
import type { Api } from '../core/api';
import type { Key } from '../core/texts';
import type { Acts } from './acts';
import type { Canvas } from './canvas';
import type { Sheet } from './sheet';
import type { EditorConfig, Shop } from './shop';
import type { Store } from './store';

/** What a part may use. */
export interface Bench {
  readonly settings: EditorConfig;
  readonly api: Api;
  readonly shop: Shop;
  readonly store: Store;
  readonly acts: Acts;
  readonly sheet: Sheet;
  /** The whole workshop, and the box with the map in it (for what lies on the map). */
  readonly root: HTMLElement;
  readonly mapBox: HTMLElement;
  /** The map and what is drawn on it; null before it is there and in browsers that cannot draw it. */
  readonly canvas: Canvas | null;
  /** Where the cross is, or the middle of the area without a map. */
  middle(): Position;
  /** Degrees that the map is turned, 0 without a map. */
  bearing(): number;
  /** A sentence that goes by itself; it is announced too. */
  flash(sentence: string): void;
  /** Shows everything anew, after a part changed something that is not in the store. */
  render(): void;
}

/** From left to right: undo and redo; what one draws with; how one looks; what opens a panel. */
export const GROUPS = ['history', 'draw', 'view', 'panels'] as const;

export interface Tool {
  /** Becomes `data-tool`, for tests and styles. */
  id: string;
  group: (typeof GROUPS)[number];
  label: Key;
  icon: string;
  run(): void;
  /** Shows the label beside the icon where there is room. */
  words?: boolean;
  /** For switches: whether it is on. */
  pressed?(): boolean;
  enabled?(): boolean;
  /** For buttons that open a panel: its name. */
  panel?: string;
  class?: string;
}

export interface Panel {
  /** Also the value of `data-panel` while it is open. */
  name: string;
  title: Key;
  className: string;
  element: HTMLElement;
  /** Where it stands when there is room: `below` is a strip under the map, `float` lies on the map's corner; both open and close. */
  place: 'left' | 'right' | 'over' | 'below' | 'float';
  /** On phones: the tab that opens it. */
  tab?: { label: Key; icon: string; order: number };
}

export interface Part {
  tools?: Tool[];
  panel?: Panel;
  /** The map is there. */
  mapReady?(canvas: Canvas): void;
  /** The drawing, the choice, the tool in hand or the figures changed. Called often: keep it light. */
  update?(): void;
}

export type MakePart = (bench: Bench) => Part;
