import { useQuery } from '@tanstack/react-query';
import { useSession } from './session.ts';

interface Options<T> {
  /** Names it among what the page knows, beside the person. */
  readonly name: string;
  readonly read: (signal: AbortSignal) => Promise<T>;
  /** People are asked for things while a page is open. */
  readonly everyMs: number;
}

/** What the whole hall has for me, asked again and again; undefined while it is not known, or nobody has come in. */
export function useMine<T>({ name, read, everyMs }: Options<T>): T | undefined {
  const me = useSession()?.me.id ?? null;
  const { data } = useQuery({
    queryKey: [name, me],
    queryFn: ({ signal }) => read(signal),
    refetchInterval: everyMs,
    enabled: me !== null,
  });
  return data;
}
