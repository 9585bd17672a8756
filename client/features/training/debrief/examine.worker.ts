import { toProblem } from '#protocol/errors';
import { examine, type Examination } from '../model/examine.ts';

/** What comes out: how far it is, then what was found. */
export type ExamineMessage = { readonly share: number } | Examination;

const say = (message: ExamineMessage) => self.postMessage(message, {});

// A long journal takes seconds: the page goes on meanwhile.
self.onmessage = ({ data }: MessageEvent<{ readonly journal: Uint8Array; readonly run: string }>) => {
  try {
    say(examine(data.journal, data.run, (share) => say({ share })));
  } catch (thrown) {
    say({ ok: false, problem: toProblem(thrown) });
  }
};
