/** The drawing as plain data: every act is an event, `reduce` gives the next state, undo goes back one act. */
import type { Change, Content } from './model';

export interface State extends Content {
  selected: string | null;
  past: readonly (readonly Change[])[];
  future: readonly (readonly Change[])[];
  /** Counts every change of content; saving compares it with what the server has. */
  revision: number;
  /** What was shifted a step last, and when: the next step soon after belongs to the same act. */
  shifted: { key: string; at: number } | null;
}

export type Event =
  | { type: 'add'; change: Change; select?: boolean }
  | { type: 'addAll'; changes: readonly Change[] }
  /** `shiftedAt`: one step of a shift, in milliseconds on any clock. */
  | { type: 'update'; key: string; patch: Partial<Omit<Change, 'key'>>; shiftedAt?: number }
  | { type: 'remove'; key: string }
  | { type: 'select'; key: string | null }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'text'; title: string; story: string }
  | { type: 'load'; content: Content };

const DEPTH = 200;
/** Steps that follow each other within so many milliseconds are one act: one undo takes all of them back. */
const SAME_SHIFT_MS = 1000;

export function start(content: Content = { title: '', story: '', changes: [] }, revision = 0): State {
  return { ...content, selected: null, past: [], future: [], revision, shifted: null };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'add':
      return edited(state, [...state.changes, event.change], event.select === false ? state.selected : event.change.key);
    case 'addAll':
      return event.changes.length ? edited(state, [...state.changes, ...event.changes], null) : state;
    case 'update':
      if (!state.changes.some((c) => c.key === event.key)) return state;
      return updated(state, event.key, event.patch, event.shiftedAt);
    case 'remove':
      if (!state.changes.some((c) => c.key === event.key)) return state;
      return edited(state, state.changes.filter((c) => c.key !== event.key), state.selected === event.key ? null : state.selected);
    case 'select':
      return state.selected === event.key ? state : { ...state, selected: event.key };
    case 'undo':
      return stepped(state, state.past.at(-1), state.past.slice(0, -1), [...state.future, state.changes]);
    case 'redo':
      return stepped(state, state.future.at(-1), [...state.past, state.changes], state.future.slice(0, -1));
    case 'text':
      if (event.title === state.title && event.story === state.story) return state;
      return { ...state, title: event.title, story: event.story, revision: state.revision + 1 };
    case 'load':
      return start(event.content, state.revision + 1);
  }
}

function updated(state: State, key: string, patch: Partial<Change>, at?: number): State {
  const next = edited(state, state.changes.map((c) => (c.key === key ? { ...c, ...patch } : c)), state.selected);
  if (at === undefined) return next;
  const { shifted } = state;
  const same = shifted !== null && shifted.key === key && at - shifted.at <= SAME_SHIFT_MS;
  return { ...next, past: same ? state.past : next.past, shifted: { key, at } };
}

function edited(state: State, changes: readonly Change[], selected: string | null): State {
  return { ...state, changes, selected, past: [...state.past, state.changes].slice(-DEPTH), future: [], revision: state.revision + 1, shifted: null };
}

function stepped(state: State, changes: readonly Change[] | undefined, past: State['past'], future: State['future']): State {
  if (!changes) return state;
  const selected = changes.some((c) => c.key === state.selected) ? state.selected : null;
  return { ...state, changes, selected, past, future, revision: state.revision + 1, shifted: null };
}

export class Store {
  private listeners: ((state: State, before: State, event: Event) => void)[] = [];

  constructor(public state: State = start()) {}

  dispatch(event: Event): void {
    const before = this.state;
    this.state = reduce(before, event);
    if (this.state !== before) this.listeners.forEach((listener) => listener(this.state, before, event));
  }

  subscribe(listener: (state: State, before: State, event: Event) => void): void {
    this.listeners.push(listener);
  }

  get selected(): Change | undefined {
    return this.state.changes.find((c) => c.key === this.state.selected);
  }
}
