import { lazy, Suspense, useEffect, useState, type ComponentType, type ReactNode } from 'react';

/** So long after the page stands its later parts are fetched, ms: the first pictures come first. */
const FETCH_AFTER_MS = 1_500;

const wanted = new Set<() => Promise<unknown>>();

/**
 * A part of a page that nobody sees at first: a panel behind a tab, the fields of a menu. Its code comes after the page
 * (`useLaterParts`), or when it is shown before that.
 */
export function later<P extends object>(
  load: () => Promise<ComponentType<P>>,
  /** Stands in its place for the moment, of its size. */
  fallback: ReactNode = null,
): ComponentType<P> {
  wanted.add(load);
  const Part = lazy(async () => ({ default: await load() }));
  return function Later(props: P) {
    return (
      <Suspense fallback={fallback}>
        <Part {...props} />
      </Suspense>
    );
  };
}

/** The same for a dialog: it is there from its first opening on, closed too, so that it keeps what was typed. */
export function laterDialog<P extends { readonly isOpen: boolean }>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P> {
  const Dialog = later(load);
  return function LaterDialog(props: P) {
    const [wasOpen, setWasOpen] = useState(props.isOpen);
    if (props.isOpen && !wasOpen) setWasOpen(true);
    return wasOpen || props.isOpen ? <Dialog {...props} /> : null;
  };
}

/** Fetches what was put off, so that no click waits for the line. For the page that has them, once it stands. */
export function useLaterParts(stands: boolean): void {
  useEffect(() => {
    if (!stands) return undefined;
    const timer = setTimeout(() => {
      for (const load of wanted) {
        wanted.delete(load);
        // Asked for again when it is shown, and told there.
        load().catch((thrown: unknown) => console.debug('a later part of the page', thrown));
      }
    }, FETCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [stands]);
}
