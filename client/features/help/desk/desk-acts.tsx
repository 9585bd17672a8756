import { Button, NumberInput, Select, Stack, Text, TextInput, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { DOCUMENT_KINDS } from '#protocol/guidance/index';
import { CidText } from '#protocol/ids';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';

type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export interface GivenMedium {
  readonly cid: string;
  readonly title: string;
  readonly kind: DocumentKind;
}

interface UnlockProps {
  readonly help: HelpCall;
  readonly steps: readonly { readonly value: string; readonly label: string }[];
  readonly onDone: () => void;
}

/** A step that is blocked by a check that cannot be had now is let go, with a reason that stays. */
export function UnlockForm({ help, steps, onDone }: UnlockProps) {
  const t = helpStrings.useText();
  const [step, setStep] = useState<string | null>(steps[0]?.value ?? null);
  const [reason, setReason] = useState('');
  return (
    <Stack gap="sm">
      <Select label={t('unlockWhich')} data={[...steps]} value={step} onChange={setStep} allowDeselect={false} />
      <Textarea
        label={t('unlockWhy')}
        description={t('unlockNote')}
        value={reason}
        maxLength={1000}
        autosize
        minRows={2}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Button
        disabled={step === null || reason.trim().length < 3}
        onClick={() => step !== null && help.unlock(step, reason.trim()) && onDone()}
      >
        {t('unlockNow')}
      </Button>
    </Stack>
  );
}

interface GiveProps {
  readonly help: HelpCall;
  /** What the procedure has. */
  readonly media: readonly GivenMedium[];
  readonly onDone: () => void;
}

/** Hands over a page of a document: one of the procedure's own, or any file of the hall by its address. */
export function GiveForm({ help, media, onDone }: GiveProps) {
  const t = helpStrings.useText();
  const [cid, setCid] = useState('');
  const [title, setTitle] = useState('');
  const [page, setPage] = useState<number | string>('');
  const known = media.find((one) => one.cid === cid);
  const isReady = title.trim().length > 0 && CidText.safeParse(cid).success;
  return (
    <Stack gap="sm">
      {media.length > 0 && (
        <Select
          label={t('giveFromProcedure')}
          data={media.map((one) => ({ value: one.cid, label: one.title }))}
          value={known ? cid : null}
          onChange={(value) => {
            setCid(value ?? '');
            setTitle(media.find((one) => one.cid === value)?.title ?? '');
          }}
        />
      )}
      <TextInput
        label={t('giveTitle')}
        value={title}
        maxLength={200}
        onChange={(event) => setTitle(event.currentTarget.value)}
      />
      <TextInput label={t('giveCid')} value={cid} onChange={(event) => setCid(event.currentTarget.value.trim())} />
      <NumberInput label={t('givePage')} min={1} max={5000} value={page} onChange={setPage} />
      {!isReady && cid && (
        <Text size="xs" c="dimmed">
          {t('giveCid')}
        </Text>
      )}
      <Button
        disabled={!isReady}
        onClick={() => {
          const kind = known?.kind ?? 'pdf';
          if (help.hand(title.trim(), cid, kind, typeof page === 'number' ? page : null)) onDone();
        }}
      >
        {t('giveNow')}
      </Button>
    </Stack>
  );
}
