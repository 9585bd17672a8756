import { SegmentedControl, Tabs } from '@mantine/core';
import { IconAlertTriangle, IconBinaryTree } from '@tabler/icons-react';
import { lazy, Suspense, useState } from 'react';
import { Wait } from '../../../ui/index.ts';
import { useEditor } from '../editor-context.tsx';
import { procedureStrings } from '../strings.ts';
import css from './steps-view.module.css';
import { ProblemsPanel } from './problems-panel.tsx';
import { StepEditor } from './step-editor.tsx';
import { StepList } from './step-list.tsx';

const GraphPanel = lazy(() => import('./graph-panel.tsx'));

/** The list, the step, and at its side what is wrong and how all hangs together. On a phone one after the other. */
export function StepsView() {
  const t = procedureStrings.useText();
  const { findings, selected } = useEditor();
  const [side, setSide] = useState<string | null>('problems');
  const [shown, setShown] = useState('step');
  const problems = t('problemCount', { count: findings.length });
  const isSide = shown === 'problems' || shown === 'graph';
  return (
    <>
      <SegmentedControl
        className={css['switch']!}
        fullWidth
        value={shown}
        onChange={(next) => {
          setShown(next);
          if (next === 'problems' || next === 'graph') setSide(next);
        }}
        data={[
          { value: 'list', label: t('allSteps') },
          { value: 'step', label: t('stepOne') },
          { value: 'problems', label: problems },
          { value: 'graph', label: t('graph') },
        ]}
      />
      <div className={css['columns']} data-shown={isSide ? 'side' : shown}>
        <div className={css['list']}>
          <StepList onChosen={() => setShown('step')} />
        </div>
        <div className={css['step']}>
          <StepEditor key={selected} />
        </div>
        <div className={css['side']}>
          <Tabs value={side} onChange={setSide} keepMounted={false}>
            <Tabs.List grow mb="sm" className={css['tabs']!}>
              <Tabs.Tab value="problems" leftSection={<IconAlertTriangle size={16} aria-hidden />}>
                {problems}
              </Tabs.Tab>
              <Tabs.Tab value="graph" leftSection={<IconBinaryTree size={16} aria-hidden />}>
                {t('graph')}
              </Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="problems">
              <ProblemsPanel onGo={() => setShown('step')} />
            </Tabs.Panel>
            <Tabs.Panel value="graph">
              <Suspense fallback={<Wait />}>
                <GraphPanel />
              </Suspense>
            </Tabs.Panel>
          </Tabs>
        </div>
      </div>
    </>
  );
}
