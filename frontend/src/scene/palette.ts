/** Colours of the scene, all from the page's own custom properties, so that a municipality's theme holds here too. */
import { CanvasTexture, Color, RepeatWrapping, SRGBColorSpace, type Texture } from 'three';
import type { Chalk } from '../map/images';
import { token } from '../map/style';

const WHITE = new Color('#ffffff');

export interface ScenePalette {
  sky: Color;
  ground: Color;
  surface: Record<string, Color>;
  kerb: Color;
  wall: Color;
  roof: Color;
  estimatedWall: Color;
  estimatedRoof: Color;
  edge: Color;
  /** Existing plants, furniture and trunks: grey-green and grey. */
  oldLeafLow: Color;
  oldLeafHigh: Color;
  trunk: Color;
  stone: Color;
  metal: Color;
  glass: Color;
  wood: Color;
  /** What is drawn. */
  chalk: Record<Chalk, Color>;
  newLeafLow: Color;
  newLeafHigh: Color;
  newWood: Color;
  ink: Color;
  white: Color;
  select: Color;
  accents: Color[];
}

const mix = (a: Color, b: Color, part: number): Color => a.clone().lerp(b, part);

export function readPalette(): ScenePalette {
  const of = (name: string): Color => new Color(token(name));
  const map = (name: string): Color => of(`map-${name}`);
  const [building, line, green, tree, treeLine] = [map('building'), map('building-line'), map('green'), map('tree'), map('tree-line')];
  const [ink, carriageway, pavement] = [of('color-ink'), map('carriageway'), map('pavement')];
  const chalk: Record<Chalk, Color> = { green: of('draw-green'), water: of('draw-water'), paving: of('draw-paving'), remove: of('draw-remove') };
  return {
    sky: mix(map('water'), WHITE, 0.55),
    ground: map('ground'),
    surface: {
      yard: map('yard'), green, water: map('water'), square: map('yard'), pavement, cycle_path: map('cycle'), driveway: mix(carriageway, pavement, 0.5),
      parking: map('parking'), carriageway, rail: carriageway, structure: carriageway, crossing: pavement, play: pavement, hedge: green,
    },
    kerb: mix(map('joint'), WHITE, 0.2),
    wall: mix(building, line, 0.25),
    roof: mix(building, WHITE, 0.12),
    estimatedWall: mix(building, WHITE, 0.5),
    estimatedRoof: mix(building, WHITE, 0.68),
    edge: line,
    oldLeafLow: mix(tree, treeLine, 0.6),
    oldLeafHigh: mix(tree, WHITE, 0.1),
    trunk: mix(line, ink, 0.35),
    stone: mix(line, WHITE, 0.25),
    metal: mix(ink, line, 0.5),
    glass: mix(map('water'), WHITE, 0.3),
    wood: mix(line, of('color-brick'), 0.18),
    chalk,
    newLeafLow: chalk.green,
    newLeafHigh: mix(chalk.green, of('color-chalk-green'), 0.5),
    newWood: mix(of('color-brick'), of('color-chalk-yellow'), 0.3),
    ink: of('draw-tile'),
    white: WHITE.clone(),
    select: of('draw-select'),
    accents: [of('color-chalk-yellow'), of('color-chalk-blue'), of('color-chalk-pink')],
  };
}

/** A square picture that repeats every `metres` metres. */
function pattern(pixels: number, metres: number, draw: (context: CanvasRenderingContext2D) => void): Texture {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = pixels;
  const context = canvas.getContext('2d');
  if (context) draw(context);
  const texture = new CanvasTexture(canvas);
  texture.wrapS = texture.wrapT = RepeatWrapping;
  texture.repeat.set(1 / metres, 1 / metres);
  texture.colorSpace = SRGBColorSpace;
  texture.anisotropy = 4;
  return texture;
}

/** The dots of what is estimated, as on the map; white elsewhere, since it is multiplied with the surface's colour. */
export function dots(): Texture {
  return pattern(64, 1.1, (context) => {
    context.fillStyle = '#ffffff';
    context.fillRect(0, 0, 64, 64);
    context.fillStyle = token('map-label');
    context.globalAlpha = 0.3;
    for (const [x, y] of [[16, 16], [48, 48]] as const) {
      context.beginPath();
      context.arc(x, y, 4.5, 0, 2 * Math.PI);
      context.fill();
    }
  });
}

/** Chalk on the ground: slanted lines over a thin veil of the same colour. */
export function hatch(chalk: Color): Texture {
  return pattern(64, 0.9, (context) => {
    const colour = `#${chalk.getHexString()}`;
    context.clearRect(0, 0, 64, 64);
    context.globalAlpha = 0.3;
    context.fillStyle = colour;
    context.fillRect(0, 0, 64, 64);
    context.globalAlpha = 0.85;
    context.strokeStyle = colour;
    context.lineWidth = 13;
    for (const shift of [-64, 0, 64]) {
      context.beginPath();
      context.moveTo(shift - 8, 72);
      context.lineTo(shift + 72, -8);
      context.stroke();
    }
  });
}
