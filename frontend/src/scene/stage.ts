/** Camera, light and shadow. A picture is drawn when something changed, never in an endless loop: phones stay cool. */
import {
  Color, DirectionalLight, HemisphereLight, MathUtils, PCFShadowMap, PerspectiveCamera, Plane, Raycaster, Scene, Vector2, Vector3, WebGLRenderer,
  type Intersection, type Object3D,
} from 'three';
import { MapControls } from 'three/addons/controls/MapControls.js';
import { calm } from '../core/dom';
import type { Spot } from './local';
import { direction, type SunAt } from './sun';

/** Where one looks: a place on the ground, from so far, in a compass direction, tilted from straight down. */
export interface View {
  at: Spot;
  distance: number;
  /** Degrees clockwise from north. */
  heading: number;
  /** Degrees from straight down; 90 would be level. */
  tilt: number;
}

const FIELD_DEG = 38;
const [NEAREST_M, FARTHEST_M] = [7, 520];
const [LEAST_TILT, MOST_TILT] = [3, 84];
const FLIGHT_MS = 420;
/** A frame that takes longer than this asks for a coarser picture while one moves. */
const SLOW_MS = 70;
const COARSE = 0.55;
const SHADOW_PX = 2048;
const SLACK_M = 0.06;
/** Daylight from all sides, and what the sun adds; together they show the palette's own colours. */
const SKY_SHARE = 0.52;
const LOWEST_SINE = 0.68;
const NOON = new Color('#fffaf0');
const EVENING = new Color('#ffe0b8');
const GROUND_GLOW = new Color('#cfc8ba');

export class Stage {
  readonly canvas: HTMLCanvasElement;
  readonly scene = new Scene();
  readonly camera = new PerspectiveCamera(FIELD_DEG, 1, 1.5, 2200);
  onFrame: () => void = () => undefined;
  onLost: () => void = () => undefined;
  frames = 0;
  private readonly renderer: WebGLRenderer;
  private readonly controls: MapControls;
  private readonly sun = new DirectionalLight(NOON, 0);
  private readonly sky = new HemisphereLight(0xffffff, GROUND_GLOW, Math.PI * SKY_SHARE);
  private readonly resizing: ResizeObserver;
  private readonly caster = new Raycaster();
  private waiting = 0;
  private flight = 0;
  private slow = false;
  private closed = false;

  constructor(
    readonly box: HTMLElement,
    private readonly reach: number,
    sky: Color,
  ) {
    this.renderer = new WebGLRenderer({ antialias: true, powerPreference: 'low-power' });
    this.canvas = this.renderer.domElement;
    this.scene.background = sky;
    this.renderer.shadowMap.enabled = true;
    this.renderer.shadowMap.type = PCFShadowMap;
    this.renderer.shadowMap.autoUpdate = false;
    this.scene.add(this.sky, this.sun, this.sun.target);
    this.setShadow();
    box.prepend(this.canvas);
    this.controls = new MapControls(this.camera, this.canvas);
    Object.assign(this.controls, {
      enableDamping: false, screenSpacePanning: false, zoomToCursor: true, minDistance: NEAREST_M, maxDistance: FARTHEST_M,
      minPolarAngle: MathUtils.degToRad(LEAST_TILT), maxPolarAngle: MathUtils.degToRad(MOST_TILT),
    });
    this.controls.addEventListener('change', () => this.moved());
    this.controls.addEventListener('start', () => this.coarse(true));
    this.controls.addEventListener('end', () => this.coarse(false));
    this.canvas.addEventListener('webglcontextlost', (event) => {
      event.preventDefault();
      if (!this.closed) this.onLost();
    });
    this.resizing = new ResizeObserver(() => this.size());
    this.resizing.observe(box);
    this.size();
  }

  private setShadow(): void {
    const { shadow } = this.sun;
    this.sun.castShadow = true;
    shadow.mapSize.set(SHADOW_PX, SHADOW_PX);
    Object.assign(shadow.camera, { left: -this.reach, right: this.reach, top: this.reach, bottom: -this.reach, near: 1, far: 4 * this.reach + 200 });
    shadow.camera.updateProjectionMatrix();
    // Faces turned away from the sun throw the shadow, so little is needed against stripes; more would let light in below walls.
    shadow.normalBias = ((2 * this.reach) / SHADOW_PX) * 0.7;
    shadow.bias = -SLACK_M / (shadow.camera.far - shadow.camera.near);
    shadow.radius = 1.4;
  }

  /** The light of a position of the sun; null: it is not up, all is shade. */
  setSun(at: SunAt | null): void {
    if (at) {
      const [x, y, z] = direction(at);
      const high = MathUtils.smoothstep(at.elevation_deg, 0, 24);
      this.sun.color.copy(EVENING).lerp(NOON, high);
      this.sun.intensity = (Math.PI * (1 - SKY_SHARE) * MathUtils.lerp(0.35, 1, MathUtils.smoothstep(at.elevation_deg, -1, 8))) / Math.max(y, LOWEST_SINE);
      this.sun.position.set(x, Math.max(y, 0.004), z).multiplyScalar(2 * this.reach + 100);
    } else this.sun.intensity = 0;
    this.sky.intensity = Math.PI * SKY_SHARE * (at ? 1 : 0.8);
    this.shapesChanged();
  }

  /** Something that throws a shadow came, went or grew. */
  shapesChanged(): void {
    this.renderer.shadowMap.needsUpdate = true;
    this.invalidate();
  }

  invalidate(): void {
    if (this.closed || this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.draw();
    });
  }

  private draw(): void {
    const begin = performance.now();
    this.renderer.render(this.scene, this.camera);
    // The first frame compiles programs; the second shows how fast this device is. Reading a pixel waits for it.
    if (this.frames === 1) {
      const gl = this.renderer.getContext();
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
      this.slow = performance.now() - begin > SLOW_MS;
      if (this.slow) this.economise();
    }
    this.frames++;
    this.box.dataset.frames = String(this.frames);
    this.onFrame();
    if (this.frames === 1) this.invalidate();
  }

  /** A device without a fast graphics chip gets a coarser shadow, and fewer pixels while one moves. */
  private economise(): void {
    const { shadow } = this.sun;
    shadow.mapSize.setScalar(SHADOW_PX / 2);
    shadow.map?.dispose();
    shadow.map = null;
    this.renderer.shadowMap.needsUpdate = true;
    this.size();
  }

  private pixelRatio(): number {
    return this.slow ? Math.min(devicePixelRatio, 1) : Math.min(devicePixelRatio, 2);
  }

  private coarse(on: boolean): void {
    if (!this.slow) return;
    this.renderer.setPixelRatio(this.pixelRatio() * (on ? COARSE : 1));
    this.invalidate();
  }

  private size(): void {
    const { clientWidth: width, clientHeight: height } = this.box;
    if (!width || !height) return;
    this.renderer.setPixelRatio(this.pixelRatio());
    this.renderer.setSize(width, height);
    this.camera.aspect = width / height;
    this.camera.updateProjectionMatrix();
    this.invalidate();
  }

  // --- looking ------------------------------------------------------------------------------------------------

  get view(): View {
    const { target } = this.controls;
    return {
      at: [target.x, -target.z],
      distance: this.camera.position.distanceTo(target),
      heading: MathUtils.euclideanModulo(-MathUtils.radToDeg(this.controls.getAzimuthalAngle()), 360),
      tilt: MathUtils.radToDeg(this.controls.getPolarAngle()),
    };
  }

  private moved(): void {
    const { target } = this.controls;
    const limit = this.reach;
    const away = Math.hypot(target.x, target.z);
    if (away > limit) {
      const back = new Vector3(target.x, 0, target.z).multiplyScalar(limit / away - 1);
      target.add(back);
      this.camera.position.add(back);
    }
    this.invalidate();
  }

  look({ at, distance, heading, tilt }: View): void {
    const far = MathUtils.clamp(distance, NEAREST_M, FARTHEST_M);
    const [polar, azimuth] = [MathUtils.degToRad(MathUtils.clamp(tilt, LEAST_TILT, MOST_TILT)), MathUtils.degToRad(-heading)];
    this.controls.target.set(at[0], 0, -at[1]);
    this.camera.position.setFromSphericalCoords(far, polar, azimuth).add(this.controls.target);
    this.controls.update();
    this.moved();
  }

  /** Moves to another view: at once for those who asked for less motion. */
  go(change: Partial<View>): void {
    cancelAnimationFrame(this.flight);
    const from = this.view;
    const to = { ...from, ...change };
    if (calm()) return this.look(to);
    const turn = MathUtils.euclideanModulo(to.heading - from.heading + 180, 360) - 180;
    const begin = performance.now();
    const step = (now: number): void => {
      const part = MathUtils.smootherstep((now - begin) / FLIGHT_MS, 0, 1);
      const mix = (a: number, b: number): number => MathUtils.lerp(a, b, part);
      this.look({
        at: [mix(from.at[0], to.at[0]), mix(from.at[1], to.at[1])], distance: mix(from.distance, to.distance),
        heading: from.heading + turn * part, tilt: mix(from.tilt, to.tilt),
      });
      if (part < 1 && !this.closed) this.flight = requestAnimationFrame(step);
    };
    this.flight = requestAnimationFrame(step);
  }

  zoom(by: number): void {
    this.go({ distance: MathUtils.clamp(this.view.distance * 0.7 ** by, NEAREST_M, FARTHEST_M) });
  }

  turn(degrees: number): void {
    this.go({ heading: this.view.heading + degrees });
  }

  tilt(degrees: number): void {
    this.go({ tilt: MathUtils.clamp(this.view.tilt + degrees, LEAST_TILT, MOST_TILT) });
  }

  /** Steps to the right and ahead, as one sees it. */
  pan(right: number, ahead: number): void {
    const { at, distance, heading } = this.view;
    const [step, angle] = [distance * 0.12, MathUtils.degToRad(heading)];
    const [r, a] = [right * step, ahead * step];
    this.go({ at: [at[0] + r * Math.cos(angle) + a * Math.sin(angle), at[1] - r * Math.sin(angle) + a * Math.cos(angle)] });
  }

  // --- between window and street --------------------------------------------------------------------------------

  /** Pixels from the box's left and top; null for what lies behind the camera. */
  project([east, north]: Spot, up: number): { x: number; y: number } | null {
    const point = new Vector3(east, up, -north).project(this.camera);
    if (point.z > 1) return null;
    return { x: ((point.x + 1) / 2) * this.box.clientWidth, y: ((1 - point.y) / 2) * this.box.clientHeight };
  }

  private aim(x: number, y: number): Raycaster {
    this.caster.setFromCamera(new Vector2((x / this.box.clientWidth) * 2 - 1, 1 - (y / this.box.clientHeight) * 2), this.camera);
    return this.caster;
  }

  /** The place on the ground below a pixel; null in the sky. */
  groundAt(x: number, y: number): Spot | null {
    const point = this.aim(x, y).ray.intersectPlane(new Plane(new Vector3(0, 1, 0), 0), new Vector3());
    return point ? [point.x, -point.z] : null;
  }

  hits(x: number, y: number, objects: Object3D[]): Intersection[] {
    return this.aim(x, y).intersectObjects(objects, true);
  }

  close(): void {
    this.closed = true;
    cancelAnimationFrame(this.waiting);
    cancelAnimationFrame(this.flight);
    this.resizing.disconnect();
    this.controls.dispose();
    this.scene.traverse((object) => {
      const { geometry, material } = object as { geometry?: { dispose(): void }; material?: { dispose(): void; map?: { dispose(): void } | null } };
      geometry?.dispose();
      material?.map?.dispose();
      material?.dispose();
    });
    this.sun.shadow.dispose();
    this.renderer.dispose();
    this.renderer.forceContextLoss();
    this.canvas.remove();
  }
}
