import { Button, NativeSelect, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { useRun } from '../run-context.tsx';
import { trainingRoomStrings } from '../strings.ts';
import css from './document.module.css';

/** Says that something is wrong; whether it is so nobody knows here before the debrief. */
export function FaultReport() {
  const t = trainingRoomStrings.useText();
  const { procedure, say, hand, tell } = useRun();
  const [diagnosis, setDiagnosis] = useState('');
  const report = () => {
    if (!hand.act({ type: 'faultReported', diagnosis: (diagnosis || null) as never })) return;
    setDiagnosis('');
    tell(t('reported'), 'good');
  };
  return (
    <section className={css['group']} aria-labelledby="document-faults">
      <Title order={2} size="h4" id="document-faults">
        {t('faults')}
      </Title>
      <Text size="sm" c="dimmed">
        {t('faultsText')}
      </Text>
      <div className={css['row']}>
        <NativeSelect
          label={t('diagnosis')}
          value={diagnosis}
          onChange={(event) => setDiagnosis(event.currentTarget.value)}
          data={[
            { value: '', label: t('unknownFault') },
            ...procedure.workplace.faults.map(({ id, name }) => ({ value: id as string, label: say.text(name) })),
          ]}
          style={{ flex: '1 1 220px' }}
        />
        <Button variant="default" onClick={report}>
          {t('report')}
        </Button>
      </div>
    </section>
  );
}
