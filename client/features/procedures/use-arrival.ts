import { useEffect } from 'react';
import { useSearchParams } from 'react-router';

/**
 * What the address calls `at`, such as a rule or a text: it comes into view with the focus on its first field, when the
 * page that shows it stands there.
 */
export function useArrival(): string | null {
  const [search] = useSearchParams();
  const at = search.get('at');
  useEffect(() => {
    const place = at === null ? null : document.querySelector(`[data-at="${CSS.escape(at)}"]`);
    if (!place) return;
    place.scrollIntoView({ block: 'center' });
    place.querySelector<HTMLElement>('input, textarea, button')?.focus({ preventScroll: true });
  }, [at]);
  return at;
}
