/** Street names, painted on the carriageway along the street, so that one knows where one looks. */
import type { Feature } from 'geojson';
import { CanvasTexture, Mesh, MeshBasicMaterial, PlaneGeometry, SRGBColorSpace } from 'three';
import { token } from '../map/style';
import { northward, type Local, type Spot } from './local';

export interface NamePlace {
  name: string;
  at: Spot;
  /** Degrees clockwise from north in which the name reads. */
  turn: number;
}

const MOST_NAMES = 8;
const LETTER_M = 1.9;
const LETTER_PX = 72;
const PAINT_Y = 0.045;
/** A name needs this much straight street for each letter. */
const ROOM_M = 0.9;

/** One place per street: the middle of its straight piece nearest to the origin that has room for the name. */
export function namePlaces(local: Local, features: Feature[], reach: number): NamePlace[] {
  const best = new Map<string, NamePlace & { away: number }>();
  for (const feature of features) {
    const name = feature.properties?.name;
    if (feature.properties?.kind !== 'street_axis' || typeof name !== 'string' || !name || !feature.geometry) continue;
    for (const line of local.lines(feature.geometry)) {
      for (let i = 1; i < line.length; i++) {
        const [from, to] = [line[i - 1]!, line[i]!];
        if (Math.hypot(to[0] - from[0], to[1] - from[1]) < name.length * ROOM_M) continue;
        const at: Spot = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
        const away = Math.hypot(...at);
        if (away > reach || away >= (best.get(name)?.away ?? Infinity)) continue;
        best.set(name, { name, at, away, turn: northward((Math.atan2(to[0] - from[0], to[1] - from[1]) * 180) / Math.PI) });
      }
    }
  }
  return [...best.values()].sort((a, b) => a.away - b.away).slice(0, MOST_NAMES).map(({ name, at, turn }) => ({ name, at, turn }));
}

export function paintedName({ name, at, turn }: NamePlace): Mesh {
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d')!;
  const font = `600 ${LETTER_PX}px "Atkinson Hyperlegible Next", sans-serif`;
  context.font = font;
  canvas.width = Math.min(2048, Math.ceil(context.measureText(name).width) + 24);
  canvas.height = LETTER_PX * 1.4;
  Object.assign(context, { font, textBaseline: 'middle', lineJoin: 'round', lineWidth: 12, strokeStyle: token('map-halo'), fillStyle: token('map-label') });
  context.strokeText(name, 12, canvas.height / 2, canvas.width - 24);
  context.fillText(name, 12, canvas.height / 2, canvas.width - 24);
  const map = new CanvasTexture(canvas);
  map.colorSpace = SRGBColorSpace;
  map.anisotropy = 4;
  const perPixel = LETTER_M / LETTER_PX;
  const material = new MeshBasicMaterial({ map, transparent: true, depthWrite: false });
  const mesh = new Mesh(new PlaneGeometry(canvas.width * perPixel, canvas.height * perPixel), material);
  mesh.rotation.order = 'YXZ';
  mesh.rotation.set(-Math.PI / 2, ((90 - turn) * Math.PI) / 180, 0);
  mesh.position.set(at[0], PAINT_Y, -at[1]);
  return mesh;
}
