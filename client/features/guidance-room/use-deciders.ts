import { useQuery } from '@tanstack/react-query';
import type { Document } from '#protocol/document/index';
import { decidersOf, type Deviation, type Disposition } from '#protocol/guidance/index';
import type { ProjectId } from '#protocol/ids';
import { HALL_AUTHOR } from '#protocol/training/ids';
import { api } from '../session/index.ts';

/** Null while it is not known here: without the hall, or in no project. */
export function useProject(id: ProjectId | null | undefined) {
  const { data } = useQuery({
    queryKey: ['project', id],
    queryFn: ({ signal }) => api.project(id!, signal),
    enabled: !!id,
  });
  return data ?? null;
}

/** Who may decide what about a deviation, by name. Without the hall one knows of the crew alone, which may do it again. */
export function useDeciders(
  document: Document,
  deviation: Deviation,
  project: ProjectId | null | undefined,
): Record<Disposition, readonly string[]> {
  const members = useProject(project)?.members ?? [];
  return decidersOf(
    document,
    deviation,
    members.filter(({ user }) => user !== HALL_AUTHOR),
  );
}
