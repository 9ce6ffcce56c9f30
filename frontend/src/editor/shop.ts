/** What the parts of the workshop share: settings, the drawing, the catalogue, the tool in hand. */
import type { Feature, FeatureCollection, Geometry } from 'geojson';
import type { Api } from '../core/api';
import { centre, circle, contains, footprint, positions, size, within } from '../core/geo';
import { kindName, number, t } from '../core/texts';
import type { Box } from '../map/base';
import { chalkOf } from '../map/chalk';
import type { Chalk } from '../map/images';
import { zoneRefusal, type BriefZone } from '../map/zones';
import type { Checker } from './checker';
import { shapeOf, type Catalogue, type Change, type DesignFeature, type ElementKind, type Shape, type Verdict } from './model';
import { usualSpacing } from './rows';
import { POINT_SIZES } from './snapper';
import type { Store } from './store';
import { Street } from './street';

export interface EditorConfig {
  assignment: {
    slug: string;
    title: string;
    area: Geometry;
    bbox: Box;
    open: boolean;
    /** Why drawing is not open, for when it is not. */
    closed?: string;
    /** Ids of the kinds that may be placed; null: all. */
    kinds?: string[] | null;
    /** Where the brief lets nothing change, or only there. */
    zones?: BriefZone[];
  };
  design?: DesignFeature & { etag?: string };
  remix?: DesignFeature;
  apiBase: string;
  lang: string;
  bearing?: number;
  attribution: string;
  neighbourhood?: string;
  csrf?: string;
  svgUrl?: string;
  /** Where a submitted design is shown; `{id}` is filled in. */
  designUrl: string;
}

/** An existing thing in the street. */
export interface StreetThing {
  id: number | string;
  kind: string;
  name: string | null;
  certainty: string;
  geometry: Geometry;
}

/** How a kind is put down: as a point, drawn as line or area, or as an area of the catalogue's own size. */
export type Way = Shape | 'stamp';

export type Tool =
  | { type: 'none' }
  | { type: 'place'; kind: ElementKind; way: Way }
  | { type: 'row'; kind: ElementKind }
  | { type: 'measure'; way: 'line' | 'area' }
  | { type: 'change'; kind: ElementKind }
  | { type: 'move'; thing: StreetThing }
  | { type: 'replace'; thing: StreetThing };

/** What is drawn corner by corner with a tool in hand, if anything. */
export function sketchOf(tool: Tool): 'line' | 'area' | null {
  if (tool.type === 'row') return 'line';
  if (tool.type === 'measure') return tool.way;
  return tool.type === 'place' && (tool.way === 'line' || tool.way === 'area') ? tool.way : null;
}

/** What a resident may change; the server holds the same list. */
export const PICKABLE = [
  'tree', 'bench', 'bike_stand', 'lamp', 'container', 'bollard', 'play', 'bus_stop', 'charger', 'planter', 'crossing', 'hedge', 'parking', 'green', 'square', 'driveway', 'cycle_path',
];

/** Symbols of street objects, for tiles and lists; what has none gets the neutral one. */
export const THING_ICONS: Record<string, string> = {
  tree: 'i-boom', bench: 'i-bank', bike_stand: 'i-fietsenrek', lamp: 'i-lantaarn', container: 'i-container', play: 'i-spelen',
  charger: 'i-laadpaal', planter: 'i-plantenbak', crossing: 'i-oversteek', parking: 'i-parkeren', green: 'i-haag', hedge: 'i-haag',
};
export const NEUTRAL_ICON = 'i-lagen';

export class Shop {
  kinds = new Map<string, ElementKind>();
  catalogue: Catalogue | null = null;
  things = new Map<string, StreetThing>();
  picked: StreetThing | null = null;
  tool: Tool = { type: 'none' };
  checker!: Checker;
  readonly street: Street;
  /** Metres between two in a row, by kind, as last chosen. */
  readonly spacing = new Map<string, number>();

  constructor(
    readonly settings: EditorConfig,
    readonly store: Store,
    readonly api: Api,
  ) {
    this.street = new Street(api, centre(settings.assignment.area));
  }

  spacingOf(kind: ElementKind): number {
    return this.spacing.get(kind.id) ?? usualSpacing(kind);
  }

  kindOf(change: Change): ElementKind | undefined {
    return change.kind === null ? undefined : this.kinds.get(change.kind);
  }

  /** "Boom 2": the kind's name, with a number where there are more. */
  nameOf(change: Change): string {
    const name = this.plainName(change);
    const same = this.store.state.changes.filter((other) => this.plainName(other) === name);
    return same.length > 1 ? `${name} ${same.findIndex((other) => other.key === change.key) + 1}` : name;
  }

  private plainName(change: Change): string {
    if (change.kind !== null) return this.kinds.get(change.kind)?.name ?? change.kind;
    return kindName(change.objectKind ?? this.things.get(String(change.object))?.kind) || t('existing');
  }

  thingName(thing: StreetThing): string {
    return thing.name ? `${kindName(thing.kind)} ${thing.name}` : kindName(thing.kind);
  }

  iconOf(change: Change): string {
    const kind = change.objectKind ?? this.things.get(String(change.object))?.kind ?? '';
    return this.kindOf(change)?.icon ?? THING_ICONS[kind] ?? NEUTRAL_ICON;
  }

  verdictOf(change: Change): Verdict | null {
    return this.checker.found(change)?.verdict ?? null;
  }

  chalk(change: Change): Chalk {
    if (change.action === 'remove') return 'remove';
    const kind = change.objectKind ?? this.things.get(String(change.object))?.kind;
    return change.kind ? chalkOf(this.kindOf(change)?.group) : kind === 'tree' || kind === 'green' || kind === 'hedge' ? 'green' : 'paving';
  }

  /** What the change covers on the ground: its own shape, or a point kind's real footprint. */
  ground(change: Change): Geometry[] {
    if (shapeOf(change.geometry) !== 'point') return [change.geometry];
    const kind = this.kindOf(change);
    const middle = centre(change.geometry);
    if (!kind) {
      // What is put somewhere else shows how it will lie; a post is too small to see that.
      const [width, length] = (change.action === 'move' && POINT_SIZES[change.objectKind ?? '']) || [0, 0];
      if (Math.min(width, length) >= 0.5) return [footprint(middle, width, length, change.rotation)];
      return [circle(middle, change.objectKind === 'tree' ? 2 : 0.8)];
    }
    const found: Geometry[] = [];
    if (kind.id.startsWith('tree')) found.push(circle(middle, CROWN[kind.id] ?? 2));
    found.push(footprint(middle, change.width ?? kind.width_m ?? 0.6, kind.length_m ?? kind.width_m ?? 0.6, change.rotation));
    return found;
  }

  sizeOf(change: Change): string {
    const kind = this.kindOf(change);
    const form = shapeOf(change.geometry);
    if (form === 'line') return t('sizeLine', { n: number(size(change.geometry), 1) });
    if (form === 'area') return t('sizeArea', { n: number(size(change.geometry), 1) });
    const width = change.width ?? kind?.width_m;
    return width ? t('sizePoint', { w: number(width, 2), l: number(kind?.length_m ?? width, 2) }) : '';
  }

  /** Whether something may come at a place. */
  inside(geometry: Geometry): boolean {
    return this.refusal(geometry) === null;
  }

  /** Why nothing may come at a place: it is outside the area, or the brief keeps it as it is. */
  refusal(geometry: Geometry): string | null {
    return within(this.settings.assignment.area, geometry) ? this.zoned(geometry) : t('outside');
  }

  /** Why the brief lets nothing change at a place. */
  zoned(geometry: Geometry): string | null {
    return zoneRefusal(this.settings.assignment.zones ?? [], geometry);
  }

  /** Whether something lies at least partly in the area. */
  touches(geometry: Geometry): boolean {
    const { area } = this.settings.assignment;
    return [...positions(geometry), centre(geometry)].some((position) => contains(area, position));
  }

  /** Whether this assignment is about elements of this kind. */
  allows(kind: ElementKind): boolean {
    const { kinds } = this.settings.assignment;
    return !kinds || kinds.includes(kind.id);
  }

  /** The kind that forbids this thing to go (by taking it away, or by putting `instead` there); null when it may. */
  keeps(thing: StreetThing, instead: ElementKind | null = null): ElementKind | null {
    if (instead && instead.becomes === thing.kind) return null;
    const removal = [...this.kinds.values()].find((kind) => kind.applies_to === thing.kind && kind.becomes === null);
    return removal && !this.allows(removal) ? removal : null;
  }

  /** What the palette gives in hand for a kind. */
  toolFor(kind: ElementKind): Tool {
    if (kind.applies_to !== null && PICKABLE.includes(kind.applies_to)) return { type: 'change', kind };
    const sized = kind.geometry.includes('area') && kind.width_m !== null && kind.length_m !== null;
    const way = kind.geometry.includes('point') ? 'point' : sized ? 'stamp' : (kind.geometry[0] ?? 'point');
    return { type: 'place', kind, way };
  }

  async thing(id: number | string): Promise<StreetThing | null> {
    const known = this.things.get(String(id));
    if (known) return known;
    const answer = await this.api.get<Feature>(`/collections/street-objects/items/${encodeURIComponent(String(id))}`).catch(() => null);
    return answer ? this.remember(answer.data) : null;
  }

  /** Existing things around a place that can be picked. */
  async nearby(box: Box): Promise<StreetThing[]> {
    const { data } = await this.api.get<FeatureCollection>(`/collections/street-objects/items?bbox=${box.join(',')}&limit=500`);
    return data.features.filter((feature) => PICKABLE.includes(String(feature.properties?.kind))).map((feature) => this.remember(feature));
  }

  private remember(feature: Feature): StreetThing {
    const p = feature.properties ?? {};
    const thing: StreetThing = {
      id: (feature.id ?? p.id) as number | string,
      kind: String(p.kind ?? ''),
      name: (p.name as string) || null,
      certainty: String(p.certainty ?? ''),
      geometry: feature.geometry,
    };
    this.things.set(String(thing.id), thing);
    return thing;
  }
}

/** Crown radius in metres about twenty years after planting, from the catalogue's canopy areas. */
const CROWN: Record<string, number> = { tree_small: 2, tree_medium: 3, tree_large: 4 };

