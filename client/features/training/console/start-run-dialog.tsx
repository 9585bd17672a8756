import { Button, Group, Modal, MultiSelect, Radio, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import type { TrainingSession } from '#net/index';
import { newId } from '#net/new-id';
import type { Project } from '#protocol/api/index';
import type { TrainingRoomView } from '#protocol/api/training';
import type { Mode } from '#protocol/procedures/index';
import { HALL_AUTHOR, procedureIn, proceduresIn, RunId } from '#protocol/training/index';
import { noticeProblem, shared } from '../../../ui/index.ts';
import { crewOf } from '../model/crew.ts';
import { newestLoaded } from '../model/releases-of-room.ts';
import { RunWords } from '../model/words.ts';
import { trainingStrings } from '../strings.ts';

const MODES = ['guided', 'practice', 'exam'] as const;

interface Props {
  readonly project: Project;
  readonly view: TrainingRoomView;
  readonly session: TrainingSession;
  readonly language: string;
  readonly onStarted: (run: string) => void;
  readonly onClose: () => void;
}

/** Who runs what, how, and whether the instructor takes part (to approve). */
export function StartRunDialog({ project, view, session, language, onStarted, onClose }: Props) {
  const t = trainingStrings.useText();
  const words = shared.useText();
  const document = session.document.get();
  const newest = new Set<string>(newestLoaded(view.procedures).map(({ procedure: one }) => one));
  // The newest of each comes first; an older one can still be run, and says that it is one.
  const cids = proceduresIn(document).toSorted((a, b) => Number(newest.has(b)) - Number(newest.has(a)));
  const nameOf = (one: string) => {
    const found = procedureIn(document, one)!;
    const title = new RunWords(found, language, t).text(found.title);
    const release = view.procedures.find(({ procedure: of }) => of === one);
    if (!release) return title;
    return `${title} · ${t(newest.has(one) ? 'release' : 'olderRelease', { n: release.number })}`;
  };
  const [cid, setCid] = useState(cids[0] ?? '');
  const [mode, setMode] = useState<Mode>('guided');
  const [people, setPeople] = useState<string[]>([]);
  const [rolesBy, setRolesBy] = useState<Readonly<Record<string, string[]>>>({});
  const [stationBy, setStationBy] = useState<Readonly<Record<string, string | null>>>({});
  const [ownRole, setOwnRole] = useState<string | null>(null);
  const procedure = procedureIn(document, cid);
  if (!procedure) return null;
  const say = new RunWords(procedure, language, t);
  const roles = procedure.workplace.roles.map(({ id, name }) => ({ value: id as string, label: say.text(name) }));
  const stations = procedure.workplace.stations.map(({ id, name }) => ({ value: id as string, label: say.text(name) }));
  const me = session.me.user as string;
  const names = new Map<string, string>(project.members.map(({ user, name }) => [user as string, name]));
  for (const { user, name } of session.participants.get()) names.set(user, name);
  // Alone somebody does everything; beside the instructor, everything else.
  const usual = roles.map(({ value }) => value).filter((role) => role !== ownRole);
  const rolesOf = (id: string) => rolesBy[id] ?? usual;
  const start = () => {
    const run = RunId.parse(newId());
    const participants = crewOf({
      ...{ me, ownRole, people, rolesOf },
      nameOf: (id) => names.get(id) ?? id,
      stationOf: (id) => stationBy[id] ?? null,
    });
    const seed = crypto.getRandomValues(new Uint32Array(1))[0]!;
    const sent = session.submitTraining('run.start', { run, procedure: cid, mode, seed, participants });
    if ('problem' in sent) return noticeProblem(sent.problem);
    onStarted(run);
    onClose();
  };
  return (
    <Modal opened onClose={onClose} title={t('startRun')}>
      <Stack>
        {cids.length > 1 && (
          <Select
            label={t('procedure')}
            allowDeselect={false}
            value={cid}
            data={cids.map((one) => ({ value: one, label: nameOf(one) }))}
            onChange={(value) => {
              if (!value) return;
              setCid(value);
              // Another procedure has roles and stations of its own.
              setRolesBy({});
              setStationBy({});
            }}
          />
        )}
        <MultiSelect
          label={t('startRunFor')}
          searchable
          value={people}
          data={[...names]
            .filter(([id]) => id !== HALL_AUTHOR && (id !== me || ownRole === null))
            .map(([value, label]) => ({ value, label }))}
          onChange={setPeople}
        />
        {people.length > 1 &&
          roles.length > 0 &&
          people.map((id) => (
            <MultiSelect
              key={id}
              label={t('rolesOf', { name: names.get(id) ?? id })}
              value={rolesOf(id)}
              data={roles}
              onChange={(chosen) => setRolesBy({ ...rolesBy, [id]: chosen })}
            />
          ))}
        {people.length > 1 &&
          stations.length > 0 &&
          people
            .filter((id) => id !== me || ownRole === null)
            .map((id) => (
              <Select
                key={id}
                label={t('stationOf', { name: names.get(id) ?? id })}
                placeholder={t('everyStation')}
                clearable
                value={stationBy[id] ?? null}
                data={stations}
                onChange={(station) => setStationBy({ ...stationBy, [id]: station })}
              />
            ))}
        <Radio.Group label={t('startRunMode')} value={mode} onChange={(value) => setMode(value as Mode)}>
          <Stack gap="xs" mt="xs">
            {MODES.map((value) => (
              <Radio key={value} value={value} label={t(`mode_${value}`)} description={t(`startRunHint_${value}`)} />
            ))}
          </Stack>
        </Radio.Group>
        {roles.length > 0 && (
          <Select
            label={t('joinAs')}
            description={t('joinText')}
            placeholder={t('joinNot')}
            clearable
            value={ownRole}
            data={roles}
            onChange={setOwnRole}
          />
        )}
        <Group justify="space-between">
          <Text size="sm" c="dimmed" flex={1}>
            {say.text(procedure.title)}
          </Text>
          <Button variant="default" onClick={onClose}>
            {words('cancel')}
          </Button>
          <Button disabled={people.length === 0} onClick={start}>
            {t('start')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
