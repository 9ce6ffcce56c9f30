/** Rows: the same element again and again along a drawn line. */
import type { Position } from 'geojson';
import { difference, distance, lineLength, normalDegrees, offset } from '../core/geo';

export interface Spot {
  at: Position;
  /** Which way the line runs there, in degrees clockwise from north. */
  rotation: number;
}

/** What a row may have between two of its elements, in metres. */
export const SPACING = { min: 0.3, max: 50 };
/** More would be a slip of the finger; a design has 200 changes at most. */
export const LONGEST_ROW = 60;
/** A last element that falls a hair outside the line by rounding is still on it, in metres. */
const HAIR = 0.001;

/** From the first corner on, every `spacing` metres along the line; what is left over stays empty at the end. */
export function rowAlong(line: readonly Position[], spacing: number): Spot[] {
  if (line.length < 2 || !(spacing >= SPACING.min)) return [];
  const whole = lineLength([...line]);
  const count = Math.min(LONGEST_ROW, Math.floor((whole + HAIR) / spacing) + 1);
  return Array.from({ length: count }, (_, i) => spotAt(line, Math.min(i * spacing, whole)));
}

function spotAt(line: readonly Position[], metres: number): Spot {
  let left = metres;
  for (let i = 1; ; i++) {
    const [from, to] = [line[i - 1]!, line[i]!];
    const step = distance(from, to);
    if (left <= step + HAIR || i === line.length - 1) {
      const [east, north] = difference(from, to);
      const part = step > 0 ? Math.min(1, left / step) : 0;
      return { at: offset(from, east * part, north * part), rotation: normalDegrees((Math.atan2(east, north) * 180) / Math.PI) };
    }
    left -= step;
  }
}

/** What is usual between two of a kind, in metres, to begin with. */
export function usualSpacing(kind: { id: string; length_m: number | null; width_m: number | null }): number {
  const trees: Record<string, number> = { tree_small: 6, tree_medium: 8, tree_large: 12 };
  return trees[kind.id] ?? (kind.id === 'bike_stand' ? 1 : kind.id === 'street_light' ? 25 : Math.max(3, 2 * (kind.length_m ?? kind.width_m ?? 1)));
}
