import { Button, Switch, Tooltip } from '@mantine/core';
import { IconBadgeCc } from '@tabler/icons-react';
import { LiveWords } from '../../../voice/index.ts';
import { useReadable } from '../room-context.tsx';
import { voiceStrings } from './strings.ts';

interface Props {
  readonly words: LiveWords;
}

/** Whether what I say stands before the others as subtitles. In a menu. */
export function WriteDownSwitch({ words }: Props) {
  const t = voiceStrings.useText();
  const isOn = useReadable(words.isWritten);
  return (
    <Switch
      size="sm"
      mt="sm"
      label={t('writeDown')}
      description={t(LiveWords.isPossible ? 'writeDownHint' : 'writeDownMissing')}
      checked={isOn && LiveWords.isPossible}
      disabled={!LiveWords.isPossible}
      onChange={(event) => words.setWritten(event.currentTarget.checked)}
    />
  );
}

/** The same, beside other buttons. */
export function WriteDownButton({ words }: Props) {
  const t = voiceStrings.useText();
  const isOn = useReadable(words.isWritten) && LiveWords.isPossible;
  return (
    <Tooltip label={t(LiveWords.isPossible ? 'writeDownHint' : 'writeDownMissing')} multiline maw={320}>
      <Button
        variant="default"
        aria-pressed={isOn}
        disabled={!LiveWords.isPossible}
        leftSection={<IconBadgeCc size={18} color={isOn ? 'var(--wh-done)' : undefined} aria-hidden />}
        onClick={() => words.setWritten(!isOn)}
      >
        {t('writeDown')}
      </Button>
    </Tooltip>
  );
}
