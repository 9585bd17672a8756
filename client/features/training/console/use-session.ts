import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import type { TrainingSession } from '#net/index';
import { connectTraining } from '#net/training';
import { runOf } from '#protocol/training/index';
import type { Readable } from '../../../net/store.ts';
import { LiveWords, Voice } from '../../../voice/index.ts';
import { currentLanguage, noticeProblem } from '../../../ui/index.ts';
import { deviceKind } from '../../room/device-kind.ts';
import { session as person } from '../../session/index.ts';
import { MachineFeed } from '../../training-room/model/machine-feed.ts';
import { AlarmLog } from '../model/alarm-log.ts';
import { elapsedMs } from '../model/run-line.ts';

export type Entry =
  | { readonly state: 'entering' }
  | {
      readonly state: 'in';
      readonly session: TrainingSession;
      readonly voice: Voice;
      readonly words: LiveWords;
      readonly alarms: AlarmLog;
    }
  | { readonly state: 'refused'; readonly thrown: unknown };

/** In the room as long as the page stands: every run live, my orders by the same way as everybody's acts. */
export function useTrainingSession(room: string, attempt: number): Entry {
  const [entry, setEntry] = useState<Entry>({ state: 'entering' });
  useEffect(() => {
    let isOver = false;
    let leave = () => {};
    setEntry({ state: 'entering' });
    const enter = async () => {
      try {
        const token = person.get()?.token ?? '';
        const session = await connectTraining({ hallUrl: location.origin, token, room, device: deviceKind() });
        if (isOver) return void session.leave();
        const voice = new Voice(session);
        const words = new LiveWords(session, voice.status, currentLanguage);
        // At once: a machine's picture is whole only with its first frame.
        const machines = new MachineFeed(session);
        const alarms = new AlarmLog(machines.pictures, (run) => {
          const row = runOf(session.document.get(), run);
          return row ? elapsedMs(row, Date.now()) : 0;
        });
        const quiet = session.onReject((problem) => noticeProblem(problem));
        leave = () => {
          quiet();
          words.dispose();
          voice.dispose();
          alarms.dispose();
          machines.dispose();
          void session.leave();
        };
        setEntry({ state: 'in', session, voice, words, alarms });
      } catch (thrown) {
        if (!isOver) setEntry({ state: 'refused', thrown });
      }
    };
    // One turn later, so that React's double mounting in development enters once.
    const start = setTimeout(() => void enter());
    return () => {
      isOver = true;
      clearTimeout(start);
      leave();
    };
  }, [room, attempt]);
  return entry;
}

/** Follows a value; changes that come close together are shown as one after `calmMs`. */
export function useReadable<T>(readable: Readable<T>, calmMs = 0): T {
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | null = null;
      const stop = readable.subscribe(() => {
        if (calmMs === 0) return listener();
        timer ??= setTimeout(() => {
          timer = null;
          listener();
        }, calmMs);
      });
      return () => {
        stop();
        if (timer) clearTimeout(timer);
      };
    },
    [readable, calmMs],
  );
  return useSyncExternalStore(subscribe, () => readable.get());
}

/** The time now, told anew every second. */
export function useNow(everyMs = 1000): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}
