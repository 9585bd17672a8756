import '@babylonjs/core/Engines/Extensions/engine.dynamicTexture.js';
import { DynamicTexture } from '@babylonjs/core/Materials/Textures/dynamicTexture.js';
import { Texture } from '@babylonjs/core/Materials/Textures/texture.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import type { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { colorOfUser } from '#protocol/room/index';
import type { Pose, Vec3 } from '#protocol/spatial/index';
import type { CallMedia, PictureMode } from '../../../../call/index.ts';
import { PARTICIPANT_COLORS } from '../../../../palette.ts';
import type { Stage } from '../../../../scene/stage/stage.ts';
import { rayInFrame, transformPoint, type Ray } from '../../../../scene/vec.ts';
import { fitted, FONT } from '../../../../xr/palette/board.ts';
import { pictureMaterial, quad } from '../../../../xr/plain-material.ts';
import { api } from '../../../session/index.ts';
import type { HelpCall } from '../../model/help-call.ts';
import { helpStrings } from '../../strings.ts';

/** A board at 1.6 m is 1.1 m wide: 38 degrees, a laptop at arm's length. */
const WIDTH_M = 1.1;
const PX_PER_M = 1000;
const WIDTH_PX = WIDTH_M * PX_PER_M;
const PICTURE_PX = 688;
/** What the picture is, below it: letters of 40 mm are 25 dmm from there. */
const CAPTION_PX = 76;
const LETTER_PX = 40;
const HEIGHT_PX = PICTURE_PX + CAPTION_PX;
/** Drawn so often at most: the picture comes with 8 to 25 a second, and each drawing goes to the graphics card. */
const DRAW_EVERY_MS = 66;
/** Points of a line on the picture lie so far apart, of its width. */
const STEP = 0.004;
const MOST_POINTS = 390;

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
interface Line {
  /** Hex. */
  readonly color: string;
  readonly points: readonly (readonly [number, number])[];
}
type Pixels = HTMLVideoElement | HTMLImageElement;

/** What the engineer's camera sees, on a board in the room: moving, picture by picture, or frozen and drawn on. */
export class PictureBoard {
  /** What is shown, for the plates and for tests. */
  mode: PictureMode | 'frozen' = 'none';
  readonly #help: HelpCall;
  readonly #media: CallMedia;
  readonly #stage: Stage;
  readonly #mesh: Mesh;
  readonly #texture: DynamicTexture;
  readonly #video = document.createElement('video');
  readonly #image = new Image();
  readonly #stops: (() => void)[];
  #imageUrl = '';
  #pose: Pose | null = null;
  /** The frozen picture that is looked at; null: the live one. */
  #still: string | null = null;
  #line: [number, number][] = [];
  #rect: Rect | null = null;
  #drawnMs = -Infinity;
  #written = '';

  constructor(stage: Stage, help: HelpCall, media: CallMedia) {
    this.#stage = stage;
    this.#help = help;
    this.#media = media;
    const size = { width: WIDTH_PX, height: HEIGHT_PX };
    this.#texture = new DynamicTexture('picture board', size, stage.scene, false, Texture.BILINEAR_SAMPLINGMODE);
    this.#texture.hasAlpha = true;
    this.#mesh = quad(stage.scene, 'picture board', WIDTH_M, HEIGHT_PX / PX_PER_M);
    this.#mesh.material = pictureMaterial(stage.scene, 'picture board', this.#texture, true);
    this.#mesh.rotationQuaternion = Quaternion.Identity();
    this.#mesh.setEnabled(false);
    this.#video.muted = this.#video.playsInline = true;
    let stills = help.now.get().stills.length;
    this.#stops = [
      help.now.subscribe(() => {
        const all = help.now.get().stills;
        // Whoever froze it: all look at the same picture.
        if (all.length > stills) this.#still = all.at(-1)!.id;
        stills = all.length;
      }),
    ];
    this.#still = help.now.get().stills.at(-1)?.id ?? null;
  }

  get poseInRoom(): Pose | null {
    return this.#pose;
  }

  /** Where a place of the picture is in the room; 0 0 is its upper left corner. */
  placeOf(u: number, v: number): Vec3 | null {
    if (!this.#pose || !this.#rect) return null;
    const { x, y, width, height } = this.#rect;
    const xM = (x + u * width - WIDTH_PX / 2) / PX_PER_M;
    return transformPoint(this.#pose, [xM, (HEIGHT_PX / 2 - y - v * height) / PX_PER_M, 0]);
  }

  /** Its middle there, +Z to the reader. */
  stand(poseInRoom: Pose): void {
    this.#pose = poseInRoom;
    this.#mesh.setEnabled(true);
    this.#mesh.position.set(...poseInRoom.position);
    this.#mesh.rotationQuaternion!.set(...poseInRoom.rotation);
  }

  backToLive(): void {
    this.#still = null;
    this.#line = [];
  }

  /** Where a ray meets the board; `at` is on the picture, null beside it. */
  under(ray: Ray): { readonly pointInRoom: Vec3; readonly at: [number, number] | null } | null {
    if (!this.#pose) return null;
    const { origin, direction } = rayInFrame(ray, this.#pose);
    if (direction[2] > -1e-3 || origin[2] < 0) return null;
    const t = -origin[2] / direction[2];
    const [x, y] = [origin[0] + t * direction[0], origin[1] + t * direction[1]];
    const [xPx, yPx] = [x * PX_PER_M + WIDTH_PX / 2, HEIGHT_PX / 2 - y * PX_PER_M];
    if (xPx < 0 || yPx < 0 || xPx > WIDTH_PX || yPx > HEIGHT_PX) return null;
    const rect = this.#rect;
    const [u, v] = rect ? [(xPx - rect.x) / rect.width, (yPx - rect.y) / rect.height] : [-1, -1];
    const isOn = u >= 0 && v >= 0 && u <= 1 && v <= 1;
    return { pointInRoom: transformPoint(this.#pose, [x, y, 0]), at: isOn ? [u, v] : null };
  }

  /** A line on the frozen picture, as it is drawn. */
  draw(at: [number, number]): void {
    if (this.mode !== 'frozen') return;
    const last = this.#line.at(-1);
    if (last && Math.hypot(at[0] - last[0], at[1] - last[1]) < STEP) return;
    this.#line.push(at);
    if (this.#line.length < MOST_POINTS) return;
    this.endLine();
    this.#line = [at];
  }

  endLine(): void {
    if (this.#still !== null && this.#line.length > 1)
      this.#help.mark({ kind: 'sketch', still: this.#still, points: this.#line });
    this.#line = [];
  }

  tick(nowMs: number): void {
    if (nowMs - this.#drawnMs < DRAW_EVERY_MS) return;
    const shown = this.#look();
    const lines = this.mode === 'frozen' ? this.#lines() : [];
    // What stands still is drawn once.
    const written = JSON.stringify([this.mode, this.#imageUrl, shown !== null, lines, this.#stage.theme]);
    if (this.mode !== 'video' && written === this.#written) return;
    this.#written = written;
    this.#drawnMs = nowMs;
    this.#paint(shown, lines);
  }

  dispose(): void {
    for (const stop of this.#stops) stop();
    this.#video.srcObject = null;
    this.#mesh.dispose(false, true);
    this.#texture.dispose();
  }

  /** Chooses what is shown; null while none of it has come. */
  #look(): Pixels | null {
    const frozen = this.#help.now.get().stills.find(({ id }) => id === this.#still);
    if (frozen) {
      this.mode = 'frozen';
      return this.#picture(api.assetUrl(frozen.cid));
    }
    const seen = [...this.#media.seen.get().values()].find(({ mode }) => mode !== 'none');
    this.mode = seen?.mode ?? 'none';
    if (seen?.stream) {
      if (this.#video.srcObject !== seen.stream) {
        this.#video.srcObject = seen.stream;
        this.#video.play().catch((thrown: unknown) => console.debug('picture board', thrown));
      }
      return this.#video.videoWidth > 0 ? this.#video : null;
    }
    this.#video.srcObject = null;
    return seen?.still ? this.#picture(seen.still.url) : null;
  }

  #picture(url: string): Pixels | null {
    if (url !== this.#imageUrl) this.#image.src = this.#imageUrl = url;
    return this.#image.complete && this.#image.naturalWidth > 0 ? this.#image : null;
  }

  #lines(): readonly Line[] {
    const lines = this.#help.marks
      .get()
      .flatMap(({ by, body }) =>
        body.kind === 'sketch' && body.still === this.#still
          ? [{ color: PARTICIPANT_COLORS[colorOfUser(by)]!, points: body.points }]
          : [],
      );
    const mine = { color: PARTICIPANT_COLORS[colorOfUser(this.#help.me)]!, points: [...this.#line] };
    return mine.points.length > 1 ? [...lines, mine] : lines;
  }

  #paint(shown: Pixels | null, lines: readonly Line[]): void {
    const { ink, paper, rule } = this.#stage.colors;
    const pen = this.#texture.getContext() as CanvasRenderingContext2D;
    pen.setTransform(1, 0, 0, 1, 0, 0);
    pen.clearRect(0, 0, WIDTH_PX, HEIGHT_PX);
    pen.save();
    pen.beginPath();
    pen.roundRect(1, 1, WIDTH_PX - 2, HEIGHT_PX - 2, 26);
    pen.clip();
    pen.fillStyle = '#0d1014';
    pen.fillRect(0, 0, WIDTH_PX, PICTURE_PX);
    pen.fillStyle = paper;
    pen.fillRect(0, PICTURE_PX, WIDTH_PX, CAPTION_PX);
    this.#rect = shown && fitIn(shown);
    if (shown && this.#rect) {
      const { x, y, width, height } = this.#rect;
      pen.drawImage(shown, x, y, width, height);
      pen.lineWidth = 7;
      pen.lineCap = pen.lineJoin = 'round';
      for (const { color, points } of lines) {
        pen.strokeStyle = color;
        pen.beginPath();
        for (const [u, v] of points) pen.lineTo(x + u * width, y + v * height);
        pen.stroke();
      }
    }
    pen.font = `560 ${LETTER_PX}px ${FONT}`;
    pen.textBaseline = 'middle';
    pen.fillStyle = ink;
    const words = helpStrings.text(this.mode === 'frozen' ? 'frozen' : shown ? `media_${this.mode}` : 'noPicture');
    pen.fillText(fitted(pen, words, WIDTH_PX - 56), 28, PICTURE_PX + CAPTION_PX / 2 + 2);
    pen.restore();
    pen.strokeStyle = rule;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.roundRect(1, 1, WIDTH_PX - 2, HEIGHT_PX - 2, 26);
    pen.stroke();
    this.#texture.update(true);
  }
}

/** Whole, as large as the board allows. */
function fitIn(shown: Pixels): Rect {
  const [width, height] =
    shown instanceof HTMLVideoElement
      ? [shown.videoWidth, shown.videoHeight]
      : [shown.naturalWidth, shown.naturalHeight];
  const by = Math.min(WIDTH_PX / width, PICTURE_PX / height);
  return {
    x: (WIDTH_PX - width * by) / 2,
    y: (PICTURE_PX - height * by) / 2,
    width: width * by,
    height: height * by,
  };
}
