/** The drawing as plain data: every act is an event, `reduce` gives the next state, undo goes back one act. */
import type { Change, Content } from './model';

export interface State extends Content {
  selected: string | null;
  past: readonly (readonly Change[])[];
  future: readonly (readonly Change[])[];
  /** Counts every change of content; saving compares it with what the server has. */
  revision: number;
}

export type Event =
  | { type: 'add'; change: Change; select?: boolean }
  | { type: 'addAll'; changes: readonly Change[] }
  | { type: 'update'; key: string; patch: Partial<Omit<Change, 'key'>> }
  | { type: 'remove'; key: string }
  | { type: 'select'; key: string | null }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'text'; title: string; story: string }
  | { type: 'load'; content: Content };

const DEPTH = 200;

export function start(content: Content = { title: '', story: '', changes: [] }, revision = 0): State {
  return { ...content, selected: null, past: [], future: [], revision };
}

export function reduce(state: State, event: Event): State {
  switch (event.type) {
    case 'add':
      return edited(state, [...state.changes, event.change], event.select === false ? state.selected : event.change.key);
    case 'addAll':
      return event.changes.length ? edited(state, [...state.changes, ...event.changes], null) : state;
    case 'update':
      if (!state.changes.some((c) => c.key === event.key)) return state;
      return edited(state, state.changes.map((c) => (c.key === event.key ? { ...c, ...event.patch } : c)), state.selected);
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

function edited(state: State, changes: readonly Change[], selected: string | null): State {
  return { ...state, changes, selected, past: [...state.past, state.changes].slice(-DEPTH), future: [], revision: state.revision + 1 };
}

function stepped(state: State, changes: readonly Change[] | undefined, past: State['past'], future: State['future']): State {
  if (!changes) return state;
  const selected = changes.some((c) => c.key === state.selected) ? state.selected : null;
  return { ...state, changes, selected, past, future, revision: state.revision + 1 };
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
