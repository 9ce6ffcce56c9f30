/** How proposals look, wherever they are shown: hatched, dashed, with a white edge; points as ink tiles. */
import type { ExpressionSpecification, LayerSpecification } from 'maplibre-gl';
import { HATCHES } from './images';
import { token } from './style';

export interface ChalkSource {
  /** Prefix of the layers' ids. */
  id: string;
  source: string;
  layer?: string;
  /** Expression that answers green, water, paving or remove. */
  chalk: ExpressionSpecification;
}

const isArea: ExpressionSpecification = ['in', ['geometry-type'], ['literal', ['Polygon', 'MultiPolygon']]];
const isLine: ExpressionSpecification = ['in', ['geometry-type'], ['literal', ['LineString', 'MultiLineString']]];

function colours(chalk: ExpressionSpecification): ExpressionSpecification {
  const names = Object.keys(HATCHES).flatMap((name) => [name, token(`draw-${name}`)]);
  return ['match', chalk, ...names, token('draw-paving')] as unknown as ExpressionSpecification;
}

/** Fill, white halo and dashed edge of areas and lines. */
export function chalkLayers({ id, source, layer, chalk }: ChalkSource): LayerSpecification[] {
  const from = layer ? { source, 'source-layer': layer } : { source };
  const colour = colours(chalk);
  const shaped: ExpressionSpecification = ['any', isArea, isLine];
  return [
    { id: `${id}-fill`, type: 'fill', ...from, filter: isArea, paint: { 'fill-pattern': ['concat', 'h-', chalk] } },
    {
      id: `${id}-halo`, type: 'line', ...from, filter: shaped,
      paint: { 'line-color': '#fff', 'line-width': ['case', isLine, 8, 4], 'line-opacity': 0.9 },
      layout: { 'line-cap': 'round' },
    },
    {
      id: `${id}-line`, type: 'line', ...from, filter: shaped,
      paint: { 'line-color': colour, 'line-width': ['case', isLine, 4, 2], 'line-dasharray': [2.6, 1.1] },
    },
  ] as LayerSpecification[];
}

/** The chalk of a catalogue group. */
export function chalkOf(group: string | undefined): 'green' | 'water' | 'paving' {
  return group === 'green' || group === 'water' ? group : 'paving';
}

/** The dashed edge of the area an assignment is about. */
export function areaLayers(source: string): LayerSpecification[] {
  return [
    { id: 'area-halo', type: 'line', source, paint: { 'line-color': '#fff', 'line-width': 5, 'line-opacity': 0.85 } },
    { id: 'area-line', type: 'line', source, paint: { 'line-color': token('color-ink'), 'line-width': 2, 'line-dasharray': [4, 2.5] } },
  ];
}
