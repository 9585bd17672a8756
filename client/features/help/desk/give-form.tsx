import { Button, FileButton, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useEffect, useMemo, useState } from 'react';
import type { GuidanceSession } from '#net/index';
import type { DocumentList } from '#protocol/api/help';
import { documentsIn, jobOf, rowsOf } from '#protocol/guidance/index';
import type { Procedure } from '#protocol/procedures/index';
import { AssetPicture, currentLanguage, noticeProblem } from '../../../ui/index.ts';
import type { Speaker } from '../../procedures/model/words.ts';
import { useReadable } from '../../room/room-context.tsx';
import { api } from '../../session/index.ts';
import { helpApi } from '../help-api.ts';
import { documentChoices, type DocumentChoice } from '../model/document-choices.ts';
import type { HelpCall } from '../model/help-call.ts';
import { helpStrings } from '../strings.ts';

interface Props {
  readonly room: string;
  readonly session: GuidanceSession;
  readonly help: HelpCall;
  readonly procedure: Procedure;
  readonly say: Speaker;
  readonly onDone: () => void;
}

const PDF = 'application/pdf';
/** What `help.hand` takes. */
const MAX_TITLE = 200;

/** Hands over a document, by its page: what the procedure or the job shows already, what the project has, or a file of one's own. */
export function GiveForm({ room, session, help, procedure, say, onDone }: Props) {
  const t = helpStrings.useText();
  const choices = useChoices({ room, session, help, procedure, say });
  const [brought, setBrought] = useState<DocumentChoice | null>(null);
  const [chosen, setChosen] = useState<DocumentChoice | null>(null);
  const [title, setTitle] = useState('');
  const [page, setPage] = useState<number | string>('');
  const [isSending, setSending] = useState(false);
  const choose = (choice: DocumentChoice | null) => {
    setChosen(choice);
    setTitle((choice?.title ?? '').slice(0, MAX_TITLE));
    setPage('');
  };
  const bring = async (file: File | null) => {
    if (!file) return;
    setSending(true);
    try {
      const isPdf = file.type === PDF;
      const { cid } = await (isPdf ? helpApi.bringDocument(room, file) : helpApi.showPicture(room, file));
      const choice = { cid, title: nameOf(file), kind: isPdf ? ('pdf' as const) : ('picture' as const) };
      setBrought(choice);
      choose(choice);
    } catch (thrown) {
      noticeProblem(thrown);
    } finally {
      setSending(false);
    }
  };
  const groups = [
    { group: t('giveBrought'), choices: brought ? [brought] : [] },
    { group: t('giveFromProcedure'), choices: choices.procedure },
    { group: t('giveFromJob'), choices: choices.job },
    { group: t('giveFromProject'), choices: choices.project },
  ].map(({ group, choices: all }) => ({
    group,
    // A file that was brought may be one that is here already.
    choices: all.filter((one) => one === brought || one.cid !== brought?.cid),
  }));
  const all = groups.flatMap((one) => one.choices);
  return (
    <Stack gap="sm">
      {all.length > 0 && (
        <Select
          label={t('giveWhich')}
          placeholder={t('giveChoose')}
          searchable
          allowDeselect={false}
          nothingFoundMessage={t('giveNone')}
          data={groups
            .filter((one) => one.choices.length > 0)
            .map((one) => ({
              group: one.group,
              items: one.choices.map(({ cid, title: label }) => ({ value: cid, label })),
            }))}
          value={chosen?.cid ?? null}
          onChange={(cid) => choose(all.find((one) => one.cid === cid) ?? null)}
        />
      )}
      <Group gap="sm">
        <FileButton accept={`${PDF},image/jpeg,image/png,image/webp`} onChange={(file) => void bring(file)}>
          {(props) => (
            <Button
              {...props}
              variant="default"
              loading={isSending}
              leftSection={<IconUpload size={18} stroke={1.7} />}
            >
              {t('giveFile')}
            </Button>
          )}
        </FileButton>
        <Text size="sm" c="dimmed">
          {t('giveFileHint')}
        </Text>
      </Group>
      {chosen?.kind === 'picture' && (
        <AssetPicture src={api.assetUrl(chosen.cid)} title={title} ratio={16 / 9} fit="contain" />
      )}
      {chosen && (
        <TextInput
          label={t('giveTitle')}
          value={title}
          maxLength={MAX_TITLE}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
      )}
      {chosen?.kind === 'pdf' && (
        <NumberInput
          label={t('givePage')}
          description={t('givePageHint')}
          min={1}
          max={5000}
          allowDecimal={false}
          value={page}
          onChange={setPage}
        />
      )}
      <Button
        disabled={!chosen || title.trim() === ''}
        onClick={() =>
          chosen && help.hand(title.trim(), chosen.cid, chosen.kind, typeof page === 'number' ? page : null) && onDone()
        }
      >
        {t('giveNow')}
      </Button>
    </Stack>
  );
}

const nameOf = (file: File): string => file.name.replace(/(?<=.)\.[^.]+$/, '');

function useChoices({ room, session, help, procedure, say }: Omit<Props, 'onDone'>) {
  const t = helpStrings.useText();
  const document = useReadable(session.document);
  const { lines, stills } = useReadable(help.now);
  const [project, setProject] = useState<DocumentList['documents']>([]);
  useEffect(() => {
    const abort = new AbortController();
    // What the job itself has can be handed over without it.
    helpApi.documents(room, abort.signal).then(
      ({ documents }) => setProject(documents),
      (thrown: unknown) => abort.signal.aborted || noticeProblem(thrown),
    );
    return () => abort.abort();
  }, [room]);
  return useMemo(() => {
    const gates = jobOf(document)?.plan.gates ?? [];
    return documentChoices({
      ...{ lines, stills, project },
      procedure: documentsIn(procedure),
      photos: rowsOf(document, 'photos'),
      words: {
        text: (text) => say.text(text),
        photo: (id, atMs) => {
          const gate = gates.find((one) => one.id === id);
          const what = (gate?.kind === 'photo' && say.text(gate.text)) || t('givePicture');
          const time = new Date(atMs).toLocaleTimeString(currentLanguage(), { hour: '2-digit', minute: '2-digit' });
          return t('giveTaken', { what, time });
        },
        still: (n) => t('giveStill', { n }),
        document: (kind) => t(`giveKind_${kind}`),
      },
    });
  }, [document, lines, stills, project, procedure, say, t]);
}
