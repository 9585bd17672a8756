import { Button, Group, Modal, Rating, Stack, Text, Textarea } from '@mantine/core';
import { useState, type FormEvent } from 'react';
import type { BriefView, SubmissionView } from '#protocol/api/index';
import { noticeDone, ProblemNotice, shared } from '../../ui/index.ts';
import { api, useMe } from '../session/index.ts';
import { briefStrings } from './strings.ts';

interface Props {
  readonly brief: BriefView;
  readonly submission: SubmissionView;
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly onSaved: (brief: BriefView) => void;
}

/** Stars per criterion. Each row is a radio group: Tab to the row, arrow keys or 1 to 5 inside it. */
export function RatingDialog({ brief, submission, isOpen, onClose, onSaved }: Props) {
  const t = briefStrings.useText();
  const words = shared.useText();
  const me = useMe();
  const before = submission.ratings.find(({ user }) => user === me.id);
  const [scores, setScores] = useState<Readonly<Record<string, number>>>(before?.scores ?? {});
  const [note, setNote] = useState(before?.note ?? '');
  const [isBusy, setBusy] = useState(false);
  const [thrown, setThrown] = useState<unknown>(null);
  const newest = submission.iterations.length;
  const isComplete = brief.criteria.every(({ id }) => scores[id]);

  const onSubmit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setThrown(null);
    try {
      onSaved(await api.rate(brief.id, submission.id, { scores: { ...scores }, note: note.trim() }));
      onClose();
      noticeDone(t('rated'));
    } catch (caught) {
      setThrown(caught);
    }
    setBusy(false);
  };

  return (
    <Modal opened={isOpen} onClose={onClose} title={t('rateTitle', { title: submission.title })}>
      <form onSubmit={(event) => void onSubmit(event)}>
        <Stack>
          {before && before.iteration < newest && (
            <Text size="sm">{t('rateAgain', { before: before.iteration, newest })}</Text>
          )}
          {brief.criteria.map(({ id, label, weight }) => (
            <Group
              key={id}
              justify="space-between"
              wrap="nowrap"
              role="radiogroup"
              aria-label={label}
              onKeyDown={({ key }) => {
                if (/^[1-5]$/.test(key)) setScores((all) => ({ ...all, [id]: Number(key) }));
              }}
            >
              <div>
                <Text>{label}</Text>
                <Text size="xs" c="dimmed">
                  {t('rateWeight', { weight })}
                </Text>
              </div>
              <Rating
                size="lg"
                color="signal.6"
                value={scores[id] ?? 0}
                onChange={(stars) => setScores((all) => ({ ...all, [id]: stars }))}
                getSymbolLabel={(stars) => t('rateStars', { label, stars })}
              />
            </Group>
          ))}
          <Textarea
            label={t('rateNote')}
            description={t('rateNoteHint')}
            autosize
            minRows={2}
            maxRows={8}
            maxLength={2000}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          {thrown !== null && <ProblemNotice thrown={thrown} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {words('cancel')}
            </Button>
            <Button type="submit" loading={isBusy} disabled={!isComplete}>
              {t('rateSend')}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
