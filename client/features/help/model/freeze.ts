import type { CallMedia } from '../../../call/index.ts';
import { noticeProblem } from '../../../ui/index.ts';
import { helpApi } from '../help-api.ts';
import type { HelpCall } from './help-call.ts';

/** What the camera sees now, held for everybody in the call; false: no picture comes. */
export async function freezePicture(room: string, help: HelpCall, media: CallMedia): Promise<boolean> {
  try {
    const taken = await media.freeze();
    if (!taken) return false;
    const { cid } = await helpApi.showPicture(room, taken.picture);
    return help.freeze(cid, taken.widthPx, taken.heightPx) !== null;
  } catch (thrown) {
    noticeProblem(thrown);
    return false;
  }
}
