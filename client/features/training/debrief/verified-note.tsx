import { Button, Code, Text } from '@mantine/core';
import { IconCircleCheck, IconCircleX, IconDownload } from '@tabler/icons-react';
import type { ScoreView } from '#protocol/api/training';
import { CidText, noticeProblem, saveFile } from '../../../ui/index.ts';
import type { Examined } from '../model/examine.ts';
import { journalFile, scoreLine } from '../model/score-line.ts';
import { trainingStrings } from '../strings.ts';
import { training } from '../training.ts';
import css from './debrief.module.css';

interface Props {
  readonly examined: Examined;
  /** What the hall says. */
  readonly score: ScoreView;
}

/** Everything on the page was computed here, from the journal; the hall's own number stands beside it. */
export function VerifiedNote({ examined, score }: Props) {
  const t = trainingStrings.useText();
  const { entries, sheet, seals, machine, head } = examined;
  const save = () =>
    training
      .journal(score.room)
      .then((bytes) =>
        saveFile(
          journalFile(score.room),
          new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'application/vnd.ipld.dag-cbor' }),
        ),
      )
      .catch(noticeProblem);
  const isSame = sheet.points === score.sheet.points && sheet.isPassed === score.sheet.isPassed && head === score.head;
  const isRight = isSame && (machine?.wrong ?? 0) === 0;
  const Icon = isRight ? IconCircleCheck : IconCircleX;
  return (
    <section className={css['verified']} data-look={isRight ? 'done' : 'stop'} aria-label={t('verified')}>
      <Icon size={24} stroke={1.8} aria-hidden />
      <div style={{ minWidth: 0 }}>
        {isSame ? (
          <>
            <Text fw={600}>{t('verified')}</Text>
            <Text size="sm">{t('verifiedText', { entries, points: sheet.points })}</Text>
          </>
        ) : (
          <Text fw={600}>{t('differs', { mine: sheet.points, theirs: score.sheet.points })}</Text>
        )}
        {seals > 0 && <Text size="sm">{t('verifiedSeals', { count: seals })}</Text>}
        {machine && machine.marks > 0 && (
          <Text size="sm">
            {machine.wrong === 0
              ? t('verifiedMachine', { count: machine.marks })
              : t('machineDiffers', { count: machine.wrong, marks: machine.marks })}
          </Text>
        )}
        <div className={css['proof']}>
          <Text size="sm" c="dimmed" span>
            {t('lastEntry')}
          </Text>
          <CidText value={head} label={t('lastEntry')} />
        </div>
        <div className={`${css['proof']} ${css['noPrint']}`}>
          <Text size="sm">{t('verifyYourself')}</Text>
          <Button
            size="compact-sm"
            variant="default"
            leftSection={<IconDownload size={16} aria-hidden />}
            onClick={() => void save()}
          >
            {t('saveJournal')}
          </Button>
          <Code className={css['command']}>{scoreLine(score.room, examined.run.id)}</Code>
        </div>
      </div>
    </section>
  );
}
