import { useEffect, useMemo } from 'react';
import { useNavigate } from 'react-router';
import { may } from '#protocol/permissions/index';
import { LANGUAGES, type Language } from '../../../ui/strings/language.ts';
import { currentLanguage, noticeProblem } from '../../../ui/index.ts';
import { useMe, useRoom } from '../../room/room-context.tsx';
import { procedures } from '../procedures.ts';
import type { DraftWords } from './recorder.ts';
import { RecordSwitch } from './record-switch.ts';
import { recordStrings } from './strings.ts';

/** The switch for this room, offered to the palette of a headset too; null where I may not write procedures. */
export function useRecording(): RecordSwitch | null {
  const { session, view, info } = useRoom();
  const { role } = useMe();
  const navigate = useNavigate();
  const project = info.purpose === 'project' && may(role, 'procedure.edit') ? info.project : null;
  const recording = useMemo(
    () =>
      project &&
      new RecordSwitch({
        handwork: view.handwork,
        session,
        words: () => wordsFor(info.title),
        save: async (draft) => `/project/${project}/procedures/${(await procedures.create(project, draft)).id}`,
        keepSound: async (sound) => (await procedures.storeMedia(project, 'audio', sound)).cid,
        onProblem: noticeProblem,
      }),
    [project, view, session, info.title],
  );
  useEffect(() => {
    if (!recording) return undefined;
    view.recording.set(recording);
    const open = () => {
      const path = recording.saved.get();
      // In a headset nobody wants the page to go; the draft opens when it is taken off.
      if (path && view.xr.get().active === null) void navigate(path);
    };
    const stops = [recording.saved.subscribe(open), view.xr.subscribe(open)];
    return () => {
      for (const stop of stops) stop();
      view.recording.set(null);
      recording.dispose();
    };
  }, [recording, view, navigate]);
  return recording;
}

/** Parts have one name; the sentences around it are there in both languages. */
function wordsFor(title: string): DraftWords {
  const own = currentLanguage();
  const languages = [own, ...LANGUAGES.filter((language) => language !== own)];
  const filled = (
    language: Language,
    key: 'draftTitle' | 'chapter' | 'put' | 'putDown' | 'spokenNote',
    values: object,
  ): string =>
    Object.entries(values).reduce<string>(
      (text, [name, value]) => text.replace(`{{${name}}}`, String(value)),
      recordStrings[language][key],
    );
  const each = (key: 'draftTitle' | 'chapter' | 'spokenNote', values: object) =>
    Object.fromEntries(languages.map((language) => [language, filled(language, key, values)]));
  return {
    languages,
    title: each('draftTitle', { title }),
    chapter: each('chapter', {}),
    spokenNote: each('spokenNote', {}),
    say: (part, mount, language) => filled(language as Language, mount ? 'put' : 'putDown', { part, mount }),
  };
}
