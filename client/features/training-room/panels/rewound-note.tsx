import { IconHistory } from '@tabler/icons-react';
import type { TrainingSession } from '#net/index';
import { rewoundIn, type Rewound } from '#protocol/training/index';
import { useReadable } from '../../room/room-context.tsx';
import { clockText } from '../../training/model/clock-text.ts';
import { RewindBar } from '../../training/rewind/rewind-bar.tsx';
import { trainingStrings } from '../../training/strings.ts';
import type { RunThings } from '../run-context.tsx';
import css from '../training-screen.module.css';

/** The moment that everybody is shown, if any: a new object only when it is another one. */
export const useRewound = (session: TrainingSession): Rewound | null => rewoundIn(useReadable(session.document));

/** Over the workplace: who shows what of when. Who conducts moves in time here. */
export function RewoundNote({ run, rewound }: { readonly run: RunThings; readonly rewound: Rewound | null }) {
  const t = trainingStrings.useText();
  const people = run.row.participants.map(({ name }) => name).join(', ');
  const isShown = rewound !== null && run.isPast;
  const isMine = run.row.participants.some(({ id }) => id === run.session.me.user);
  const bar = !isMine && (
    <RewindBar session={run.session} run={run.row} procedure={run.procedure} language={run.say.language} />
  );
  return (
    <div className={css['past']}>
      {isShown && (
        <p role="status">
          <IconHistory size={18} stroke={1.7} aria-hidden />
          <span>
            {t('rewoundBy', { name: rewound.by.name })}: {t('rewoundRun', { people, time: clockText(run.state.nowMs) })}
          </span>
        </p>
      )}
      {bar}
    </div>
  );
}
