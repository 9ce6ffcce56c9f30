/** What the workshop works with: the catalogue, changes, and how they travel. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import { rounded } from '../core/geo';

export type Action = 'add' | 'remove' | 'move' | 'replace' | 'keep';
export type Shape = 'point' | 'line' | 'area';
export type Verdict = 'fits' | 'conditional' | 'conflict' | 'unchecked';

export interface ElementKind {
  id: string;
  name: string;
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

export function shapeOf(geometry: Geometry): Shape {
  if (geometry.type.endsWith('Point')) return 'point';
  return geometry.type.endsWith('LineString') ? 'line' : 'area';
}
