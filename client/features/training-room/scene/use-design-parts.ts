import { useQuery } from '@tanstack/react-query';
import { partsOf, type Part } from '#protocol/design/index';
import { decodeSnapshot } from '#protocol/journal/index';
import type { Procedure } from '#protocol/procedures/index';
import { api } from '../../session/index.ts';
import { useRun } from '../run-context.tsx';

const NOTHING: ReadonlyMap<string, Part> = new Map();

export function useDesignParts(): ReadonlyMap<string, Part> | null {
  const { procedure, info } = useRun();
  return useDesignOf(procedure, info.project);
}

/**
 * The parts that a procedure's things are: of the revision that it names, else of the project's room as it is now. Null
 * while they come; empty where there are none, or none that I may see.
 */
export function useDesignOf(procedure: Procedure, project: string | null): ReadonlyMap<string, Part> | null {
  const isWanted = procedure.workplace.things.some(({ part }) => part !== null);
  const { design } = procedure;
  const { data, isError } = useQuery({
    queryKey: ['training-design', project, design],
    queryFn: async ({ signal }) => new Map<string, Part>(partsOf(decodeSnapshot(await bytesOf(signal)).document)),
    enabled: isWanted,
    staleTime: Infinity,
    retry: 1,
  });
  const bytesOf = async (signal: AbortSignal): Promise<Uint8Array> => {
    if (design !== null) {
      const { room, journal } = await api.revision(design, signal);
      return api.snapshotAt(room, journal.length, signal);
    }
    return api.snapshot((await api.project(project!, signal)).room, signal);
  };
  return !isWanted || isError ? NOTHING : (data ?? null);
}
