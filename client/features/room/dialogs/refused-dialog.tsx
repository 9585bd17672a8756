import { Button, CloseButton, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useEffect, useMemo } from 'react';
import { partsOf, type DesignPayload } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { RoomSession } from '../../../net/room-session.types.ts';
import type { Readable } from '../../../net/store.ts';
import { saveJson, useProblemText, useQuantities } from '../../../ui/index.ts';
import { usePastFact } from '../history/use-past.ts';
import { historyLines, namesIn } from '../model/history-lines.ts';
import { useDocument, useMe, useRoom } from '../room-context.tsx';
import { roomStrings } from '../strings.ts';

type Refused = RoomSession['refused'] extends Readable<infer List> ? List : never;

/** Lines drawn at once; the export has them all. */
const LINES = 100;

interface Props {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly refused: Refused;
}

/** Which changes of mine could not be applied, why, and what I can do: each can be dismissed, all can be taken along. */
export function RefusedDialog({ isOpen, onClose, refused }: Props) {
  const t = roomStrings.useText();
  const { session, info } = useRoom();
  return (
    <Modal opened={isOpen} onClose={onClose} title={t('notApplied', { count: refused.length })} size="lg">
      <Text size="sm" c="dimmed" mb="sm">
        {t('notAppliedText')}
      </Text>
      <ScrollArea.Autosize mah="50vh" type="auto" tabIndex={0} aria-label={t('notAppliedList')}>
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: 'none' }}>
          {refused.slice(0, LINES).map((one) => (
            <Line key={one.op.id} refused={one} />
          ))}
        </Stack>
        {refused.length > LINES && (
          <Text size="sm" c="dimmed" mt="sm">
            {t('notAppliedMore', { count: refused.length - LINES })}
          </Text>
        )}
      </ScrollArea.Autosize>
      <Group justify="flex-end" gap="xs" mt="md">
        <Button
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          onClick={() => saveJson(`${info.title}.json`, refused.map(exported))}
        >
          {t('exportJson')}
        </Button>
        <Button onClick={() => session.dismissRefused()}>{t('dismissAll')}</Button>
      </Group>
    </Modal>
  );
}

function Line({ refused: { op, problem, atMs } }: { refused: Refused[number] }) {
  const t = roomStrings.useText();
  const read = useProblemText();
  const { dateTime } = useQuantities();
  const { session } = useRoom();
  const me = useMe();
  const parts = partsOf(useDocument());
  const told = usePartsOfThePast();
  const author = { id: me.user, name: me.name };
  const entry = { seq: 0, at: atMs, author, type: op.type, payload: op.payload };
  const [line] = historyLines([entry], (id) => parts.get(id as PartId)?.name ?? told.names.get(id));
  const words = read(problem);
  return (
    <Group component="li" justify="space-between" align="flex-start" wrap="nowrap" gap="sm">
      <div>
        <Text size="sm">
          <strong style={{ textTransform: 'capitalize' }}>{t('you')}</strong>{' '}
          {line && t(line.text, { name: line.name, count: line.count })}
        </Text>
        <Text size="sm" c="var(--wh-attention)">
          {words.message}
          {told.deletedBy(problem.facts['part']) &&
            ` ${t('deletedBy', { name: told.deletedBy(problem.facts['part'])! })}`}
        </Text>
        <Text size="xs" c="dimmed">
          {words.next} {dateTime(atMs)}
        </Text>
      </div>
      <CloseButton size="sm" aria-label={t('dismiss')} onClick={() => session.dismissRefused([op.id])} />
    </Group>
  );
}

/** What deleted parts were called, and who deleted them: told by the journal, which is read when somebody looks. */
function usePartsOfThePast() {
  const { past } = useRoom().session;
  useEffect(() => void past.prepare(), [past]);
  const isRead = usePastFact(({ replayed, total }) => replayed >= total);
  return useMemo(() => {
    const entries = isRead ? past.entries() : [];
    const deletions = entries.filter(({ type }) => type === 'parts.delete');
    return {
      names: namesIn(entries),
      deletedBy: (part: unknown): string | null =>
        deletions.findLast(({ payload }) => (payload as DesignPayload<'parts.delete'>).ids.some((id) => id === part))
          ?.author.name ?? null,
    };
  }, [isRead, past]);
}

/** For whoever wants to make the change again. */
const exported = ({ op, problem, atMs }: Refused[number]) => ({ at: new Date(atMs).toISOString(), op, problem });
