import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TrainingSession } from '#net/index';
import type { RoomInfo } from '#protocol/api/index';
import { equipmentFor } from '#protocol/equipment/index';
import type { Problem } from '#protocol/errors';
import { indexOf } from '#protocol/procedures/index';
import { findingsOf, procedureIn, RunId, stateOf, type RunRow } from '#protocol/training/index';
import { problemText } from '../../ui/index.ts';
import { useReadingLanguage } from '../procedures/model/reading-language.ts';
import { Speaker } from '../procedures/model/words.ts';
import { procedureStrings } from '../procedures/strings.ts';
import { useReadable } from '../room/room-context.tsx';
import type { MachineFeed } from './model/machine-feed.ts';
import { RunHand } from './model/run-hand.ts';
import { sayFinding, sayMachine, type Said } from './model/said.ts';
import type { RunThings } from './run-context.tsx';
import { trainingRoomStrings } from './strings.ts';

/** Said things that stay in the list. */
const MOST_SAID = 30;

/** Everything about one run that its panels need, and what is said about it as it happens. */
export function useRunThings(
  session: TrainingSession,
  info: RoomInfo,
  machines: MachineFeed,
  row: RunRow | null,
): RunThings | null {
  const t = trainingRoomStrings.useText();
  const authorWords = procedureStrings.useText();
  const document = useReadable(session.document);
  const procedure = row && procedureIn(document, row.procedure);
  const language = useReadingLanguage(procedure);
  const model = useMemo(() => (procedure ? equipmentFor(procedure) : null), [procedure]);
  const say = useMemo(
    () => (procedure ? new Speaker(procedure, language, authorWords) : null),
    [procedure, language, authorWords],
  );
  const [said, setSaid] = useState<readonly Said[]>([]);
  const count = useRef(0);
  const tell = useCallback((text: string, tone: Said['tone'] = 'news') => {
    const key = ++count.current;
    setSaid((list) => [...list, { key, text, tone }].slice(-MOST_SAID));
  }, []);
  const id = row?.id ?? null;
  const hand = useMemo(() => {
    if (id === null || !procedure) return null;
    const refused = (problem: Problem) => {
      const { message, next } = problemText(problem);
      tell(next ? `${message} ${next}` : message, 'bad');
    };
    return new RunHand(session, RunId.parse(id), procedure, model, machines, refused);
  }, [session, id, procedure, model, machines, tell]);

  useEffect(() => setSaid([]), [id]);
  useFindings(session, row, say, tell);
  useEffect(() => {
    if (!model || !say) return undefined;
    return machines.onHappened((run, event) => {
      if (run !== id) return;
      const words = sayMachine(event, model, say, trainingRoomStrings.text);
      if (words) tell(words.text, words.tone);
      if (event.kind === 'refused' && 'by' in event.input && event.input.by === session.me.user)
        tell(problemText(event.problem).message, 'bad');
    });
  }, [machines, model, say, id, session, tell]);

  const state = row && procedure ? stateOf(document, row, procedure) : null;
  const step = state?.active.at(-1)?.step ?? null;
  useEffect(() => {
    const title = step && procedure?.chapters.flatMap(({ steps }) => steps).find((one) => one.id === step)?.title;
    if (title && say) tell(t('stepNow', { title: say.text(title) }));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- said when the step changes, not when its words do
  }, [step, id]);
  const jumped = row?.jumped;
  const heard = useRef<string | undefined>(undefined);
  useEffect(() => {
    const isNews = heard.current !== undefined && heard.current !== `${id} ${jumped?.op}`;
    heard.current = `${id} ${jumped?.op}`;
    const title = procedure && jumped && indexOf(procedure).steps.get(jumped.to)?.step.title;
    if (isNews && title && say && jumped.by.id !== session.me.user)
      tell(t('jumpedBy', { name: jumped.by.name, title: say.text(title) }));
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- said when somebody jumps, not when the words change
  }, [jumped?.op, id]);
  if (!row || !procedure || !state || !say || !hand) return null;
  return { session, info, machines, row, procedure, state, isPast: false, model, hand, say, said, tell };
}

/** Errors are said as soon as they are known, but in an exam: there the result tells them. */
function useFindings(
  session: TrainingSession,
  row: RunRow | null,
  say: Speaker | null,
  tell: (text: string, tone: Said['tone']) => void,
): void {
  const told = useRef<{ run: string; count: number } | null>(null);
  useEffect(() => {
    if (!row || !say) return;
    const known = told.current?.run === row.id ? told.current.count : row.findings;
    told.current = { run: row.id, count: row.findings };
    if (row.mode === 'exam') return;
    for (const finding of findingsOf(session.document.get(), row).slice(known))
      if (finding.kind !== 'hint') tell(sayFinding(finding, say, trainingRoomStrings.text), 'bad');
  }, [session, row, say, tell]);
}
