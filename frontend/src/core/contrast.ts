/** The button in the footer for more contrast; the choice stays in this browser. */
const KEY = 'stoepkrijt:contrast';

export function start(button: HTMLElement): void {
  const show = (more: boolean) => {
    if (more) document.documentElement.dataset.contrast = 'more';
    else delete document.documentElement.dataset.contrast;
    button.setAttribute('aria-pressed', String(more));
  };
  show(read() === 'more');
  button.hidden = false;
  button.addEventListener('click', () => {
    const more = document.documentElement.dataset.contrast !== 'more';
    show(more);
    try {
      localStorage.setItem(KEY, more ? 'more' : 'normal');
    } catch {
      // A browser that stores nothing still shows the choice on this page.
    }
  });
}

function read(): string | null {
  try {
    return localStorage.getItem(KEY);
  } catch {
    return null;
  }
}
