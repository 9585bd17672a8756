import { Button, NativeSelect, Text, Title } from '@mantine/core';
import { useRef, useState } from 'react';
import { toolTargets } from '../model/workplace.ts';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

/** Choose a tool and what to use it on. A wrench is turned until it clicks, or until one takes it off. */
export function Tools() {
  const t = trainingRoomStrings.useText();
  const { procedure, say, hand } = useRun();
  const [tool, setTool] = useState('');
  const [thing, setThing] = useState('');
  const [torqueNm, setTorqueNm] = useState<number | null>(null);
  const isStopped = useRef(false);
  const use = async () => {
    isStopped.current = false;
    setTorqueNm(0);
    await hand.use(tool, thing, () => isStopped.current, setTorqueNm);
    setTorqueNm(null);
  };
  const things = toolTargets(procedure)
    .map(({ id, name }) => ({ value: id as string, label: say.text(name) }))
    .toSorted((a, b) => a.label.localeCompare(b.label, say.language, { numeric: true }));
  return (
    <section className={css['group']} aria-labelledby="document-tools">
      <Title order={2} size="h4" id="document-tools">
        {t('tools')}
      </Title>
      <div className={css['row']}>
        <NativeSelect
          label={t('tool')}
          value={tool}
          onChange={(event) => setTool(event.currentTarget.value)}
          data={[
            { value: '', label: t('chooseTool') },
            ...procedure.workplace.tools.map(({ id, name }) => ({ value: id as string, label: say.text(name) })),
          ]}
          style={{ flex: '1 1 180px' }}
        />
        <NativeSelect
          label={t('onWhat')}
          value={thing}
          onChange={(event) => setThing(event.currentTarget.value)}
          data={[{ value: '', label: t('chooseThing') }, ...things]}
          style={{ flex: '1 1 180px' }}
        />
        {torqueNm === null ? (
          <Button disabled={tool === '' || thing === ''} onClick={() => void use()}>
            {t('useTool')}
          </Button>
        ) : (
          <Button variant="default" onClick={() => (isStopped.current = true)}>
            {t('stopTool')}
          </Button>
        )}
      </div>
      {torqueNm !== null && (
        <Text size="sm" className="wh-figures">
          {t('turning', { value: torqueNm.toFixed(1) })}
        </Text>
      )}
    </section>
  );
}
