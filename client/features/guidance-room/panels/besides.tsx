import type { Store } from '#net/store';
import { useJob } from '../job-context.tsx';
import type { CodesSeen, TagsSeen } from '../job-screen.tsx';
import { AlignSheet } from './align-sheet.tsx';
import { DecideDialog } from './decide-dialog.tsx';
import { LensDrawer } from './lens-drawer.tsx';
import { DeviationSheet } from './deviation-sheet.tsx';
import { OverviewSheet } from './overview-sheet.tsx';
import { PauseDialog } from './pause-dialog.tsx';
import { PhotoDialog } from './photo-dialog.tsx';
import { ScanPanel } from './scan-panel.tsx';
import { SecondDialog } from './second-dialog.tsx';
import { SkillDialog } from './skill-dialog.tsx';

/** What is open beside the step: one thing at a time. */
export function BesidesOfStep({ codes, tags }: { codes: Store<CodesSeen>; tags: Store<TagsSeen> }) {
  const { opened } = useJob();
  switch (opened?.kind) {
    case undefined:
      return null;
    case 'scan':
      return <ScanPanel key={opened.thing} thing={opened.thing} codes={codes} />;
    case 'photo':
      return <PhotoDialog key={opened.gate} gate={opened.gate} />;
    case 'second':
      return <SecondDialog gate={opened.gate} />;
    case 'skill':
      return <SkillDialog gate={opened.gate} />;
    case 'decide':
      return <DecideDialog key={opened.deviation} deviation={opened.deviation} way={opened.way} />;
    case 'overview':
      return <OverviewSheet />;
    case 'deviations':
      return <DeviationSheet />;
    case 'align':
      return <AlignSheet />;
    case 'lens':
      return <LensDrawer tags={tags} />;
    case 'pause':
      return <PauseDialog />;
  }
}
