import { Button, Select, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';

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
