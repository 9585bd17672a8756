import type { VoiceStatus } from '../../../../voice/voice.types.ts';
import type { PlateBlock, PlateButton } from '../../../../xr/plates/plate-layout.ts';
import { helpStrings } from '../../strings.ts';
import { MARK_TOOLS, type MarkToolKind } from '../mark-tool.ts';
import type { PictureBoard } from './picture-board.ts';
import { deskXrStrings } from './strings.ts';

interface ToolsNow {
  readonly isExpert: boolean;
  readonly kind: MarkToolKind;
  readonly hasMarks: boolean;
  readonly canUnlock: boolean;
  readonly isUnlocking: boolean;
  readonly picture: PictureBoard['mode'];
  readonly voice: Pick<VoiceStatus, 'state' | 'isListener'>;
}
interface ToolActs {
  readonly use: (kind: MarkToolKind) => void;
  readonly wipe: () => void;
  readonly freeze: () => void;
  readonly unlock: () => void;
  readonly voice: () => void;
  readonly swap: () => void;
  readonly hangUp: () => void;
  readonly leave: () => void;
}

/** The tools at the other hand; who only looks on has the way out and the microphone. */
export function toolBlocks(now: ToolsNow): readonly PlateBlock[] {
  const t = deskXrStrings.text;
  const marks = MARK_TOOLS.map((kind): PlateButton => {
    return { id: `tool-${kind}`, label: helpStrings.text(`tool_${kind}`), isOn: kind === now.kind };
  });
  const acts: PlateButton[] = [
    {
      id: 'freeze',
      label: t(now.picture === 'frozen' ? 'live' : 'freeze'),
      isOn: now.picture === 'frozen',
      isEnabled: now.picture !== 'none',
    },
    { id: 'unlock', label: helpStrings.text('unlock'), isEnabled: now.canUnlock, isOn: now.isUnlocking },
    { id: 'wipe', label: helpStrings.text('wipe'), isEnabled: now.hasMarks },
  ];
  const isOn = now.voice.state === 'talking';
  const others: PlateButton[] = [
    { id: 'voice', label: t(isOn ? 'mute' : 'speak'), isOn, isEnabled: !now.voice.isListener },
    { id: 'swap', label: t('swapHands') },
    { id: 'leave', label: t('leaveVr') },
  ];
  if (now.isExpert) others.push({ id: 'hang-up', label: t('hangUp') });
  const blocks: readonly (readonly PlateButton[])[] = now.isExpert ? [marks, [...acts, ...others]] : [others];
  return blocks.map((buttons): PlateBlock => ({ kind: 'buttons', columns: 2, buttons }));
}

export function pressTool(id: string, acts: ToolActs): void {
  switch (id) {
    case 'freeze':
      return acts.freeze();
    case 'unlock':
      return acts.unlock();
    case 'wipe':
      return acts.wipe();
    case 'voice':
      return acts.voice();
    case 'swap':
      return acts.swap();
    case 'leave':
      return acts.leave();
    case 'hang-up':
      return acts.hangUp();
    default: {
      const kind = MARK_TOOLS.find((one) => id === `tool-${one}`);
      if (kind) acts.use(kind);
    }
  }
}
