/** What somebody chose in this browser. It never leaves it. */
const CONTRAST = 'stoepkrijt:contrast';

export function chosenContrast(): string | null {
  try {
    return localStorage.getItem(CONTRAST);
  } catch {
    return null;
  }
}

export function storeContrast(more: boolean): void {
  try {
    localStorage.setItem(CONTRAST, more ? 'more' : 'normal');
  } catch {
    // A browser that stores nothing still shows the choice on this page.
  }
}

export function showContrast(more: boolean): void {
  if (more) document.documentElement.dataset.contrast = 'more';
  else delete document.documentElement.dataset.contrast;
}
