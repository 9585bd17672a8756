import { ActionIcon, Anchor, FileButton, Text, TextInput } from '@mantine/core';
import { IconPhoto, IconSend } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { currentLanguage, noticeProblem } from '../../ui/index.ts';
import { api } from '../session/index.ts';
import { useReadable } from '../room/room-context.tsx';
import { helpApi } from './help-api.ts';
import css from './help.module.css';
import type { HelpCall } from './model/help-call.ts';
import { helpStrings } from './strings.ts';

interface Props {
  readonly room: string;
  readonly help: HelpCall;
  readonly maySpeak: boolean;
}

/** What is said and shown in a call: chat, pictures, documents, subtitles that were kept. */
export function ChatPanel({ room, help, maySpeak }: Props) {
  const t = helpStrings.useText();
  const { lines, handed } = useReadable(help.now);
  const [text, setText] = useState('');
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    // Newer browsers return a promise from it, which an effect must not.
    void end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines.length, handed.length]);
  const send = () => {
    if (text.trim() && help.say(text.trim(), currentLanguage())) setText('');
  };
  const show = async (file: File | null) => {
    if (!file) return;
    try {
      const { cid } = await helpApi.showPicture(room, file);
      help.say(file.name, currentLanguage(), 'typed', cid);
    } catch (thrown) {
      noticeProblem(thrown);
    }
  };
  return (
    <section className={css['chat']} aria-label={t('chat')}>
      <ul className={css['lines']}>
        {lines.length === 0 && <li className={css['dim']}>{t('noLines')}</li>}
        {lines.map((line) => (
          <li key={line.id} className={css['line']} lang={line.language}>
            <b>{line.name}</b> {line.source === 'spoken' ? <i>{line.text}</i> : line.text}
            {Object.entries(line.translations).map(([language, { text: words }]) => (
              <Text key={language} size="sm" c="dimmed" lang={language}>
                {t('translated', { language, text: words })}
              </Text>
            ))}
            {line.picture && (
              <a href={api.assetUrl(line.picture)} target="_blank" rel="noreferrer">
                <img src={api.assetUrl(line.picture)} alt={t('picture', { name: line.name })} loading="lazy" />
              </a>
            )}
          </li>
        ))}
        {handed.map((one) => (
          <li key={one.id} className={css['line']}>
            <Anchor
              href={`${api.assetUrl(one.cid)}${one.page ? `#page=${one.page}` : ''}`}
              target="_blank"
              rel="noreferrer"
              fw={560}
            >
              {one.title}
            </Anchor>{' '}
            {one.page && <span className={css['dim']}>{t('page', { page: one.page })}</span>}
          </li>
        ))}
        <li ref={end} />
      </ul>
      {maySpeak && (
        <form
          className={css['compose']}
          onSubmit={(event) => {
            event.preventDefault();
            send();
          }}
        >
          <TextInput
            aria-label={t('write')}
            placeholder={t('write')}
            value={text}
            maxLength={2000}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <FileButton accept="image/jpeg,image/png,image/webp" onChange={(file) => void show(file)}>
            {(props) => (
              <ActionIcon {...props} size={36} variant="default" aria-label={t('addPicture')}>
                <IconPhoto size={18} stroke={1.7} />
              </ActionIcon>
            )}
          </FileButton>
          <ActionIcon type="submit" size={36} variant="filled" aria-label={t('send')}>
            <IconSend size={18} stroke={1.7} />
          </ActionIcon>
        </form>
      )}
    </section>
  );
}
