/** What the workshop works with: the catalogue, changes, and how they travel. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { corners, difference, lineLength, normalDegrees, rectangle, rounded } from '../core/geo';

export type Action = 'add' | 'remove' | 'move' | 'replace' | 'keep';
export type Shape = 'point' | 'line' | 'area';
export type Verdict = 'fits' | 'conditional' | 'conflict' | 'unchecked';
/** Most serious first. */
export const SERIOUSNESS: readonly Verdict[] = ['conflict', 'conditional', 'unchecked', 'fits'];

export interface ElementKind {
  id: string;
  name: string;
  /** The same in every language of the site, to search in. */
  names?: Record<string, string>;
  group: string;
  geometry: Shape[];
  /** Kind of street object that it is a change to; null for something new. */
  applies_to: string | null;
  /** Kind of street object that it is once it lies there. */
  becomes: string | null;
  width_m: number | null;
  length_m: number | null;
  icon: string | null;
}

export interface Catalogue {
  groups: { id: string; name: string }[];
  elements: ElementKind[];
}

export interface Change {
  /** Own name of the change in this browser; the server numbers by position. */
  key: string;
  action: Action;
  kind: string | null;
  /** The existing street object concerned. */
  object: number | string | null;
  /** Kind of that street object, for icon and words. */
  objectKind: string | null;
  geometry: Geometry;
  rotation: number;
  width: number | null;
}

export interface Content {
  title: string;
  story: string;
  changes: readonly Change[];
}

export interface DesignFeature extends Feature<Geometry | null> {
  id: string;
  changes: FeatureCollection;
}

export const newKey = (): string => crypto.randomUUID();

export function toFeatures(changes: readonly Change[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: changes.map((change) => ({
      type: 'Feature',
      geometry: rounded(change.geometry),
      properties: properties(change),
    })),
  };
}

function properties(change: Change): Record<string, unknown> {
  const found: Record<string, unknown> = { action: change.action };
  if (change.kind !== null) found.kind = change.kind;
  if (change.object !== null) found.object = change.object;
  if (change.rotation) found.rotation_deg = Math.round(change.rotation * 10) / 10;
  if (change.width !== null) found.width_m = change.width;
  return found;
}

export function fromFeatures(collection: FeatureCollection | undefined): Change[] {
  return (collection?.features ?? []).map((feature) => {
    const p = feature.properties ?? {};
    return {
      key: newKey(),
      action: (p.action as Action) ?? 'add',
      kind: (p.kind as string) ?? null,
      object: (p.object as number | string) ?? null,
      objectKind: (p.object_kind as string) ?? null,
      geometry: feature.geometry,
      rotation: Number(p.rotation_deg ?? 0),
      width: p.width_m === undefined || p.width_m === null ? null : Number(p.width_m),
    };
  });
}

export function body(assignment: string, content: Content, untitled: string, remixOf: string | null): Record<string, unknown> {
  return {
    assignment,
    title: content.title.trim() || untitled,
    story: content.story,
    changes: toFeatures(content.changes),
    ...(remixOf ? { remix_of: remixOf } : {}),
  };
}

/** The sizes in metres that one can set: a line's width and length, a rectangle's sides, a point kind's width. */
export function dimensions(change: Change, kind: ElementKind | undefined): { width?: number; length?: number } {
  if (!kind) return {};
  const width = change.width ?? kind.width_m;
  const known = width === null ? {} : { width };
  if (change.geometry.type === 'Point') return known;
  if (change.geometry.type === 'LineString') return { ...known, length: lineLength(change.geometry.coordinates) };
  const box = rectangle(change.geometry);
  return box ? { width: box.width, length: box.length } : {};
}

/** Which way it points, in degrees clockwise from north. */
export function heading(change: Change): number {
  const { geometry } = change;
  if (geometry.type === 'Polygon') return rectangle(geometry)?.rotation ?? change.rotation;
  if (geometry.type !== 'LineString') return change.rotation;
  const all = corners(geometry);
  const [east, north] = difference(all[0]!, all.at(-1)!);
  return normalDegrees((Math.atan2(east, north) * 180) / Math.PI);
}

export function shapeOf(geometry: Geometry): Shape {
  if (geometry.type.endsWith('Point')) return 'point';
  return geometry.type.endsWith('LineString') ? 'line' : 'area';
}
