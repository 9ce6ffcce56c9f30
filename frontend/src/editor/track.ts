/** Places on a line along a street: how far along, which way it runs there, and which place is nearest. */
import type { Position } from 'geojson';
import { difference, distance, offset, type Point2 } from '../core/geo';

/** Half the stretch that a direction is taken from, in metres: a kink in the drawing is no bend. */
const AROUND_M = 3;

export function lengthOf(line: Position[]): number {
  return line.slice(1).reduce((sum, position, i) => sum + distance(line[i]!, position), 0);
}

/** The place `metres` along the line; its ends for what lies beyond them. */
export function placeAt(line: Position[], metres: number): Point2 {
  let left = Math.max(0, metres);
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const step = distance(from, to);
    if (left <= step && step > 0) {
      const part = left / step;
      return [from[0]! + (to[0]! - from[0]!) * part, from[1]! + (to[1]! - from[1]!) * part];
    }
    left -= step;
  }
  return line[line.length - 1] as Point2;
}

/** Degrees clockwise from north in which the line runs at a place. */
export function bearingAt(line: Position[], metres: number): number {
  const whole = lengthOf(line);
  const from = placeAt(line, Math.max(0, Math.min(metres, whole) - AROUND_M));
  const to = placeAt(line, Math.min(whole, Math.max(metres, 0) + AROUND_M));
  const [east, north] = difference(from, to);
  return ((Math.atan2(east, north) * 180) / Math.PI + 360) % 360;
}

/** How far along the line lies nearest to a place, and how far that is from it, both in metres. */
export function nearestOn(line: Position[], place: Position): { along: number; off: number } {
  let best = { along: 0, off: Infinity };
  let before = 0;
  for (let i = 1; i < line.length; i++) {
    const step = difference(line[i - 1]!, line[i]!);
    const to = difference(line[i - 1]!, place);
    const length = Math.hypot(...step);
    if (length === 0) continue;
    const part = Math.min(1, Math.max(0, (step[0] * to[0] + step[1] * to[1]) / (length * length)));
    const off = Math.hypot(to[0] - step[0] * part, to[1] - step[1] * part);
    if (off < best.off) best = { along: before + part * length, off };
    before += length;
  }
  return best;
}

/** The line across a street at a place: so many metres to the left and right of where it runs. */
export function across(place: Position, bearing: number, left: number, right: number): [Point2, Point2] {
  const angle = (bearing * Math.PI) / 180;
  const [x, y] = [-Math.cos(angle), Math.sin(angle)];
  return [offset(place, x * left, y * left), offset(place, -x * right, -y * right)];
}
