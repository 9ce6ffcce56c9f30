/** Plane geometry on the scale of a street: points are [metres east, metres north] of a common origin. */
export type Vec = [number, number];

/** What lies on the ground, as far as edges are concerned. */
export type Surface = 'walk' | 'road' | 'bay' | 'building' | 'axis';

/** A piece of street: rings of a polygon (the first is the outside), or the line of a street's axis. */
export interface Patch {
  id: string;
  surface: Surface;
  rings: readonly (readonly Vec[])[];
  /** West, south, east, north. */
  box: readonly [number, number, number, number];
  name?: string | null;
}

export const minus = (a: Vec, b: Vec): Vec => [a[0] - b[0], a[1] - b[1]];
export const along = (from: Vec, direction: Vec, metres: number): Vec => [from[0] + direction[0] * metres, from[1] + direction[1] * metres];
export const dot = (a: Vec, b: Vec): number => a[0] * b[0] + a[1] * b[1];
export const cross = (a: Vec, b: Vec): number => a[0] * b[1] - a[1] * b[0];
export const length = (a: Vec): number => Math.hypot(a[0], a[1]);
export const apart = (a: Vec, b: Vec): number => length(minus(a, b));

/** A quarter turn to the left. */
export const left = ([x, y]: Vec): Vec => [-y, x];

/** Length 1; null for no direction at all. */
export function unit(a: Vec): Vec | null {
  const metres = length(a);
  return metres < 1e-9 ? null : [a[0] / metres, a[1] / metres];
}

/** Degrees clockwise from north, 0 up to 360. */
export const degreesOf = ([x, y]: Vec): number => ((Math.atan2(x, y) * 180) / Math.PI + 360) % 360;

export function patch(id: string, surface: Surface, rings: readonly (readonly Vec[])[], name: string | null = null): Patch {
  const all = rings.flat();
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  return { id, surface, rings, name, box: [Math.min(...xs), Math.min(...ys), Math.max(...xs), Math.max(...ys)] };
}

/** Patches that come within so many metres of a point. */
export function near(patches: readonly Patch[], [x, y]: Vec, reach: number): Patch[] {
  return patches.filter(({ box }) => x >= box[0] - reach && x <= box[2] + reach && y >= box[1] - reach && y <= box[3] + reach);
}

/** Whether a point lies in a patch; holes are outside, and an axis has no inside. */
export function holds(one: Patch, [x, y]: Vec): boolean {
  if (one.surface === 'axis' || x < one.box[0] || x > one.box[2] || y < one.box[1] || y > one.box[3]) return false;
  let inside = false;
  for (const ring of one.rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [xi, yi] = ring[i]!;
      const [xj, yj] = ring[j]!;
      if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
    }
  }
  return inside;
}

/** What one stands on at a point: buildings and bays before the surfaces they may lie on. */
export function surfaceAt(patches: readonly Patch[], at: Vec): Surface | null {
  const found = new Set<Surface>();
  for (const one of patches) if (holds(one, at)) found.add(one.surface);
  for (const surface of ['building', 'bay', 'road', 'walk'] as const) if (found.has(surface)) return surface;
  return null;
}

/** The nearest point of a segment, and how far along it that is (0 to 1). */
export function footOn(a: Vec, b: Vec, at: Vec): { foot: Vec; part: number } {
  const whole = minus(b, a);
  const squared = dot(whole, whole);
  const part = squared < 1e-12 ? 0 : Math.max(0, Math.min(1, dot(minus(at, a), whole) / squared));
  return { foot: [a[0] + whole[0] * part, a[1] + whole[1] * part], part };
}

/** Every segment of the patches, with the patch it belongs to. */
export function* segments(patches: readonly Patch[]): Generator<{ a: Vec; b: Vec; of: Patch }> {
  for (const of of patches) {
    for (const ring of of.rings) for (let i = 1; i < ring.length; i++) yield { a: ring[i - 1]!, b: ring[i]!, of };
  }
}
