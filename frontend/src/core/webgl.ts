/** Whether this browser can draw the map; `?webgl=off` shows the page of browsers that cannot. */
export function canDraw(): boolean {
  if (new URLSearchParams(location.search).get('webgl') === 'off') return false;
  const context = document.createElement('canvas').getContext('webgl2');
  context?.getExtension('WEBGL_lose_context')?.loseContext();
  return context !== null;
}
