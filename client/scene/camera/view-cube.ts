import { rotationOf } from './orbit.ts';
import type { OrbitCamera } from './orbit-camera.ts';
import type { ViewDirection } from '../room-view.types.ts';
import type { Readable } from '../../net/store.ts';
import type { Overlay } from '../overlay.ts';

export type Language = 'en' | 'zh';

const WORDS: Record<Language, Record<ViewDirection, string>> = {
  en: { front: 'Front', back: 'Back', left: 'Left', right: 'Right', top: 'Top', bottom: 'Bottom', iso: 'Home' },
  zh: { front: '前', back: '后', left: '左', right: '右', top: '上', bottom: '下', iso: '主视图' },
};

/** How each face is turned out of the cube's middle, CSS. */
const FACES: readonly [ViewDirection, string][] = [
  ['front', ''],
  ['back', 'rotateY(180deg)'],
  ['right', 'rotateY(90deg)'],
  ['left', 'rotateY(-90deg)'],
  ['top', 'rotateX(90deg)'],
  ['bottom', 'rotateX(-90deg)'],
];
const SIDE_PX = 44;

const STYLE = `
.wh-cube{left:auto!important;right:18px;top:16px!important;width:${SIDE_PX + 28}px;height:${SIDE_PX + 28}px;perspective:260px;pointer-events:none}
.wh-cube>div{position:absolute;left:14px;top:14px;width:${SIDE_PX}px;height:${SIDE_PX}px;transform-style:preserve-3d}
.wh-cube button{position:absolute;inset:0;padding:0;border:1px solid var(--wh-rule);border-radius:4px;background:var(--wh-paper);color:var(--wh-ink);font:600 10px/1 inherit;font-family:inherit;letter-spacing:.02em;backface-visibility:hidden;pointer-events:auto;cursor:pointer;opacity:.94}
.wh-cube button:hover,.wh-cube button:focus-visible{background:var(--wh-accent);color:#fff;outline:none;border-color:var(--wh-accent)}
@media (max-width:520px){.wh-cube{transform:scale(.82);transform-origin:100% 0}}
`;

/** The cube in the corner: turns with the eye, and a press on a face looks from there. */
export function createViewCube(camera: OrbitCamera, overlay: Overlay, languages: Readable<Language>): HTMLElement {
  const style = document.createElement('style');
  style.textContent = STYLE;
  const root = overlay.add('div', 'wh-cube');
  const cube = document.createElement('div');
  root.append(style, cube);
  const faces = new Map<ViewDirection, HTMLElement>();
  for (const [direction, turn] of FACES) {
    const face = document.createElement('button');
    face.type = 'button';
    face.style.transform = `${turn} translateZ(${SIDE_PX / 2}px)`;
    face.addEventListener('click', () => camera.lookFrom(direction));
    face.addEventListener('dblclick', () => camera.lookFrom('iso'));
    cube.append(face);
    faces.set(direction, face);
  }
  const write = () => faces.forEach((face, direction) => (face.textContent = WORDS[languages.get()][direction]));
  languages.subscribe(write);
  write();
  camera.onMove((eye) => {
    const [x, y, z, w] = rotationOf(eye);
    // The cube turns against the eye; CSS counts y downwards, so x and z turns change sign.
    const [cx, cy, cz] = [-x, -y, -z];
    const angle = 2 * Math.acos(Math.max(-1, Math.min(1, w)));
    const n = Math.hypot(cx, cy, cz) || 1;
    cube.style.transform = `rotate3d(${-cx / n}, ${cy / n}, ${-cz / n}, ${angle}rad)`;
  });
  return root;
}
