import { Button, Group, Text, TextInput } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';
import type { Store } from '#net/store';
import { readPartCode } from '#protocol/guidance/index';
import { useReadable } from '../../room/room-context.tsx';
import { useJob } from '../job-context.tsx';
import css from '../job-screen.module.css';
import type { CodesSeen } from '../job-screen.tsx';
import { heldInFrame, type HeldCode } from '../model/held-code.ts';
import { guidanceRoomStrings } from '../strings.ts';

/** Where a code is held to be read: what lies elsewhere on the bench is not meant. */
export function ScanAim() {
  return (
    <div className={css['aim']} aria-hidden>
      <div className={css['frame']} />
    </div>
  );
}

/** Reads the code of a part by the camera that is on anyway, or by hand and scanner, which type. */
export function ScanPanel({ thing, codes }: { thing: string; codes: Store<CodesSeen> }) {
  const t = guidanceRoomStrings.useText();
  const { say, hand, open, video, job } = useJob();
  const seen = useReadable(codes);
  const element = useReadable(video);
  const [typed, setTyped] = useState('');
  const [read, setRead] = useState<string | null>(null);
  const [several, setSeveral] = useState<readonly string[]>([]);
  const held = useRef<HeldCode | null>(null);
  const isSent = useRef(false);
  const send = (raw: string) => {
    const code = readPartCode(raw);
    if (!code || isSent.current) return;
    isSent.current = true;
    // Right or wrong, it is in the record; what was wrong is told by its deviation.
    hand.do('part.scan', { thing: thing as never, code });
    open(null);
  };
  /** As the kit calls it; a code of something else as it is written. */
  const nameOf = (text: string) => {
    const code = readPartCode(text);
    const item = job.plan.kit.find(({ part }) => part === code?.part);
    return item ? [say.name('things', item.thing), code?.serial ?? code?.lot].filter(Boolean).join(' · ') : text;
  };
  const now = useRef(send);
  now.current = send;
  const asked = job.plan.kit.find((one) => one.thing === thing);
  const { markers } = job.plan;
  useEffect(() => {
    if (!element) return;
    const own = new Set((markers ?? []).flatMap((map) => map.markers.map(({ code }) => code)));
    const frame = { widthPx: element.videoWidth, heightPx: element.videoHeight };
    const meant = seen.filter(({ text }) => !own.has(`qr/${text}`));
    held.current = heldInFrame(held.current, meant, frame, performance.now());
    setRead(held.current?.text ?? null);
    const all = held.current?.beside.length ? [held.current.text, ...held.current.beside].toSorted() : [];
    setSeveral((known) => (known.join('\n') === all.join('\n') ? known : all));
    if (held.current?.isSure) now.current(held.current.text);
  }, [seen, element, markers]);
  return (
    <form
      className={`${css['panel']} ${css['scan']}`}
      aria-label={t('scanTitle', { thing: say.name('things', thing) })}
      data-scan=""
      onSubmit={(event) => {
        event.preventDefault();
        send(typed);
      }}
    >
      <Text fw={620} size="lg">
        {t('scanTitle', { thing: say.name('things', thing) })}
      </Text>
      <Text role="status">
        {several.length > 0
          ? t('scanSeveral')
          : read !== null
            ? t('scanRead', { code: read })
            : element
              ? t('scanHint')
              : t('scanNoCamera')}
      </Text>
      {several.map((text) => (
        <Button key={text} variant="default" size="lg" mih={56} onClick={() => send(text)}>
          {nameOf(text)}
        </Button>
      ))}
      {/* A scanner is a keyboard that ends with Enter: the field has the focus. */}
      <TextInput
        label={t('typeCode')}
        description={asked && asked.traced !== 'none' && t(`codeWith_${asked.traced}`, { part: asked.part })}
        size="lg"
        data-autofocus
        autoFocus={!element}
        value={typed}
        autoComplete="off"
        onChange={(event) => setTyped(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button type="submit" size="lg" mih={56} disabled={readPartCode(typed) === null} data-main-act="">
          {t('enter')}
        </Button>
        <Button size="lg" mih={56} variant="default" onClick={() => open(null)}>
          {t('cancel')}
        </Button>
      </Group>
    </form>
  );
}
