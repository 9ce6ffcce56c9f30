/** Where buttons on a map go when their places lie close together. */
export interface Spot {
  x: number;
  y: number;
}

/** A button of 44 px, and room around it. */
export const ROOM = 50;
const ROUNDS = 24;

/** The same places, moved as little as needed so that no two lie closer than `ROOM` pixels. */
export function apart(places: Spot[]): Spot[] {
  const spots = places.map(({ x, y }) => ({ x, y }));
  for (let round = 0; round < ROUNDS; round += 1) {
    let moved = false;
    for (let i = 0; i < spots.length; i += 1) {
      for (let j = i + 1; j < spots.length; j += 1) moved = push(spots[i]!, spots[j]!, i, j) || moved;
    }
    if (!moved) break;
  }
  return spots;
}

function push(a: Spot, b: Spot, i: number, j: number): boolean {
  const dx = b.x - a.x;
  const dy = b.y - a.y;
  const distance = Math.hypot(dx, dy);
  if (distance >= ROOM - 0.5) return false;
  // On one spot: each pair in a direction of its own, the same at every drawing.
  const angle = distance > 0.01 ? Math.atan2(dy, dx) : (i * 7 + j * 3) % 6;
  const half = (ROOM - distance) / 2;
  a.x -= Math.cos(angle) * half;
  a.y -= Math.sin(angle) * half;
  b.x += Math.cos(angle) * half;
  b.y += Math.sin(angle) * half;
  return true;
}
