import { Modal, Text } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import { connectRoom } from '#net/index';
import { poseInRoom } from '#protocol/design/index';
import { composePose, rotateVec3, type Pose } from '#protocol/spatial/index';
import { currentLanguage, ProblemNotice, Wait } from '../../ui/index.ts';
import { api, session as person } from '../session/index.ts';
import { lyingOn } from './plan-draft.ts';
import { guidanceStrings } from './strings.ts';

interface Props {
  /** The project's design room: its frame is the product's. */
  readonly room: string;
  readonly onPick: (poseInProduct: Pose) => void;
  readonly onClose: () => void;
}

/** The product in 3D: a click on a face says where a sheet is glued. */
export function MarkerPicker({ room, onPick, onClose }: Props) {
  const t = guidanceStrings.useText();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [isThere, setThere] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const picked = useRef(onPick);
  useEffect(() => {
    picked.current = onPick;
  });
  useEffect(() => {
    const ends: (() => void)[] = [];
    let isGone = false;
    const open = async () => {
      const { createRoomView } = await import('../../tools/index.ts');
      const token = person.get()?.token ?? '';
      const session = await connectRoom({ hallUrl: api.hallUrl, token, room, device: 'bot' });
      ends.push(() => void session.leave());
      if (isGone || !canvas.current) return;
      const theme = document.documentElement.dataset['mantineColorScheme'] === 'dark' ? 'dark' : 'light';
      const options = { hallUrl: api.hallUrl, theme, language: currentLanguage() } as const;
      const view = await createRoomView(canvas.current, session, options);
      ends.push(() => view.dispose());
      if (isGone) return;
      // Picks a face, as a comment does; nothing is written.
      view.tool.set('comment');
      ends.push(
        view.newComment.subscribe(() => {
          const anchor = view.newComment.get();
          if (!anchor) return;
          view.newComment.set(null);
          const part = poseInRoom(session.document.get(), anchor.part);
          const { position } = composePose(part, { position: anchor.pointInPart, rotation: [0, 0, 0, 1] });
          picked.current({ position, rotation: lyingOn(rotateVec3(part.rotation, anchor.normalInPart)) });
        }),
      );
      setThere(true);
    };
    const close = () =>
      ends
        .splice(0)
        .reverse()
        .forEach((end) => end());
    open()
      .catch((caught: unknown) => setThrown(caught))
      .finally(() => isGone && close());
    return () => {
      isGone = true;
      close();
    };
  }, [room]);
  return (
    <Modal opened onClose={onClose} title={t('pick')} size="xl">
      <Text size="sm" mb="sm">
        {t('pickText')}
      </Text>
      {thrown !== null && <ProblemNotice thrown={thrown} />}
      {!isThere && thrown === null && <Wait />}
      <canvas
        ref={canvas}
        aria-label={t('pick')}
        style={{ display: 'block', width: '100%', height: 'min(60vh, 520px)', borderRadius: 8 }}
      />
    </Modal>
  );
}
