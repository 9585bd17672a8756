import { connectRoom, type Readable } from '#net/index';
import { api, session as person } from '../session/index.ts';

const WIDTH_PX = 1280;
const HEIGHT_PX = 800;
const FRAME_PX = 64;
/** Models that have not arrived by then are left out of the picture. */
const LOAD_TIMEOUT_MS = 30_000;

/**
 * A picture of what stands in a room, taken without entering its page. The 3D engine is fetched only now; entering the
 * room needs it next anyway. Rejects without a session, without the right to enter, or without WebGL.
 */
export async function pictureOfRoom(room: string): Promise<Blob> {
  const token = person.get()?.token ?? '';
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
      return await view.picture(WIDTH_PX, HEIGHT_PX);
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
