import { useCallback, useMemo, useRef, useState } from 'react';
import type { JobThings } from './job-context.tsx';
import { fromOthers, type FromOther } from './model/from-others.ts';

/** What others have written or decided since this page was opened and has not been taken note of. Oldest first. */
export function useFromOthers({ document, me }: Pick<JobThings, 'document' | 'me'>): {
  readonly unread: readonly FromOther[];
  readonly seen: () => void;
} {
  const all = useMemo(() => fromOthers(document, me.user), [document, me.user]);
  // What was there when the page came was said to who was there then.
  const first = useRef<ReadonlySet<string> | null>(null);
  first.current ??= new Set(all.map(({ key }) => key));
  const [read, setRead] = useState<ReadonlySet<string>>(first.current);
  const unread = useMemo(() => all.filter(({ key }) => !read.has(key)), [all, read]);
  const seen = useCallback(() => setRead(new Set(all.map(({ key }) => key))), [all]);
  return { unread, seen };
}
