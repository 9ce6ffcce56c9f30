import '../styles/main.css';
import { sendOnce } from './core/once';
import { chosenContrast, showContrast } from './core/preferences';

// Before anything reads a colour: the map takes its palette from the page once.
if (chosenContrast() === 'more') showContrast(true);

sendOnce();

type Start = (element: HTMLElement) => void | Promise<void>;

/** Each module is its own file, fetched only by pages that have an element for it. */
const modules: Record<string, () => Promise<{ start: Start }>> = {
  map: () => import('./map/view'),
  editor: () => import('./editor/workshop'),
  compare: () => import('./compare/swipe'),
  'area-picker': () => import('./area/picker'),
  solid: () => import('./scene/page'),
  contrast: () => import('./core/contrast'),
  ballot: () => import('./ballot/ballot'),
  'ballot-send': () => import('./ballot/send'),
  'ballot-done': () => import('./ballot/done'),
  download: () => import('./core/download'),
  'letter-code': () => import('./ballot/letterCode'),
  sent: () => import('./core/sent'),
};

for (const element of document.querySelectorAll<HTMLElement>('[data-module]')) {
  const load = modules[element.dataset.module ?? ''];
  void load?.().then((module) => module.start(element));
}
