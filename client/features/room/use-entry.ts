import { useEffect, useRef, useState } from 'react';

/** On the way in; inside; or turned away, with the reason. `note` is what is known of the place before one is in it. */
export type Entry<T, N> =
  | { readonly state: 'entering'; readonly note: N | null }
  | { readonly state: 'in'; readonly inside: T }
  | { readonly state: 'refused'; readonly thrown: unknown };

interface Way<T, N> {
  /** May tell on the way what it has learnt of the place. */
  readonly enter: (tell: (note: N) => void) => Promise<T>;
  readonly leave: (inside: T) => void;
}

/** Enters when the page comes, leaves when it goes, also when it goes while still entering. Another `key` is another place. */
export function useEntry<T, N = never>(key: string, way: Way<T, N>): Entry<T, N> {
  const [entry, setEntry] = useState<Entry<T, N>>({ state: 'entering', note: null });
  const newest = useRef(way);
  newest.current = way;
  useEffect(() => {
    const { enter, leave } = newest.current;
    let isOver = false;
    let entered: { readonly inside: T } | null = null;
    const go = async () => {
      try {
        const inside = await enter((note) => void (isOver || setEntry({ state: 'entering', note })));
        if (isOver) return leave(inside);
        entered = { inside };
        setEntry({ state: 'in', inside });
      } catch (thrown) {
        if (!isOver) setEntry({ state: 'refused', thrown });
      }
    };
    // One turn later, so that React's double mounting in development enters once.
    const start = setTimeout(() => void go());
    return () => {
      isOver = true;
      clearTimeout(start);
      if (entered) leave(entered.inside);
    };
  }, [key]);
  return entry;
}
