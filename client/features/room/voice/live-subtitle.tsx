import type { LiveWords } from '../../../voice/index.ts';
import { useLine, useReadable } from '../room-context.tsx';

/** What others say just now, in writing, by name. Unfinished words are for the eyes alone. */
export function LiveSubtitle({ words }: { readonly words: LiveWords }) {
  const { session } = useLine();
  const said = useReadable(words.said);
  const roster = useReadable(session.participants);
  const name = roster.find((one) => one.session === said?.from)?.name;
  const by = name ? `${name}: ` : '';
  return (
    <>
      {said && (
        <p className="wh-subtitle" lang={said.language} aria-hidden>
          {by && <b>{by}</b>}
          {said.text}
        </p>
      )}
      <span className="wh-spoken" role="status" lang={said?.language}>
        {said?.isFinal && by + said.text}
      </span>
    </>
  );
}
