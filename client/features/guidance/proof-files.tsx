import { Button, Code, Group, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useState } from 'react';
import type { SignedRecord } from '#protocol/guidance/index';
import { noticeProblem, saveFile, saveJson } from '../../ui/index.ts';
import { guidance } from './guidance.ts';
import { jobLine, proofFiles } from './proof-names.ts';
import { guidanceStrings } from './strings.ts';

interface Props {
  readonly cid: string;
  readonly signed: SignedRecord;
  readonly size?: 'sm' | 'lg';
}

/** The record and its journal to keep, and the command by which anybody judges them without the hall. */
export function ProofFiles({ cid, signed, size = 'sm' }: Props) {
  const t = guidanceStrings.useText();
  const [isBusy, setBusy] = useState(false);
  const names = proofFiles(signed.record.product.serial);
  const saveJournal = () => {
    setBusy(true);
    guidance
      .journalOf(cid)
      .then((bytes) =>
        saveFile(
          names.journal,
          new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/vnd.ipld.dag-cbor' }),
        ),
      )
      .catch(noticeProblem)
      .finally(() => setBusy(false));
  };
  const look = { size, variant: 'default', leftSection: <IconDownload size={18} aria-hidden /> } as const;
  return (
    <div>
      <Group gap="xs">
        <Button {...look} onClick={() => saveJson(names.record, { cid, signed })}>
          {t('saveRecord')}
        </Button>
        <Button {...look} loading={isBusy} onClick={saveJournal}>
          {t('saveJournal')}
        </Button>
      </Group>
      <Text size="sm" mt={6}>
        {t('verifyYourself')} <Code style={{ overflowWrap: 'anywhere' }}>{jobLine(names)}</Code>
      </Text>
    </div>
  );
}
