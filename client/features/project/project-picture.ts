import { connectRoom, type Readable } from '#net/index';
import { api, session as person } from '../session/index.ts';

const WIDTH_PX = 1280;
const HEIGHT_PX = 800;
const FRAME_PX = 64;
/** Models that have not arrived by then are left out of the picture. */
const LOAD_TIMEOUT_MS = 30_000;

/** One after the other, and each project once per visit unless its parts have changed. */
let queue: Promise<unknown> = Promise.resolve();
const tried = new Set<string>();

/**
 * Draws what stands in the design room and makes it the project's picture, so that a new project has one before
 * anybody has entered. The 3D engine is fetched only now; entering the room needs it next anyway. Resolves to whether
 * there is a new picture; a browser without WebGL keeps the empty drawing sheet.
 */
export function drawProjectPicture(project: { id: string; room: string }, isChanged: boolean): Promise<boolean> {
  if (tried.has(project.id) && !isChanged) return Promise.resolve(false);
  tried.add(project.id);
  const drawn = queue.then(() => draw(project)).catch(() => false); // without a picture everything else goes on
  queue = drawn;
  return drawn;
}

async function draw({ id, room }: { id: string; room: string }): Promise<boolean> {
  const token = person.get()?.token;
  if (!token) return false;
  const { createRoomView } = await import('../../tools/index.ts');
  const session = await connectRoom({ hallUrl: api.hallUrl, token, room, device: 'bot' });
  const frame = document.createElement('div');
  // Laid out but out of sight, and small: a canvas without a size draws nothing, the picture has a target of its own.
  frame.style.cssText = `position:fixed;left:-${FRAME_PX * 2}px;top:0;width:${FRAME_PX}px;height:${FRAME_PX}px;pointer-events:none`;
  frame.inert = true;
  const canvas = frame.appendChild(document.createElement('canvas'));
  // Without a size of its own it would take that of its pixels, and on fine screens grow with each measurement.
  canvas.style.cssText = 'display:block;width:100%;height:100%';
  document.body.append(frame);
  try {
    const view = await createRoomView(canvas, session, { hallUrl: api.hallUrl, theme: 'light', language: 'en' });
    try {
      await settled(view.loading, ({ total, loaded }) => loaded >= total);
      const { cid } = await api.storePicture(await view.picture(WIDTH_PX, HEIGHT_PX));
      await api.updateProject(id, { picture: cid });
      return true;
    } finally {
      view.dispose();
    }
  } finally {
    frame.remove();
    await session.leave();
  }
}

/** Resolves when the value fits, or after the time-out. */
function settled<T>(value: Readable<T>, fits: (value: T) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      stop();
      clearTimeout(timer);
      resolve();
    };
    const stop = value.subscribe(() => {
      if (fits(value.get())) done();
    });
    const timer = setTimeout(done, LOAD_TIMEOUT_MS);
    // Loading may begin a turn later than the view.
    setTimeout(() => {
      if (fits(value.get())) done();
    }, 500);
  });
}
