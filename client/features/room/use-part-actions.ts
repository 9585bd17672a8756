import { useMemo } from 'react';
import { partsOf, type Material, type ParametricKind } from '#protocol/design/index';
import type { PartId } from '#protocol/ids';
import type { Problem } from '#protocol/errors';
import type { Pose } from '#protocol/spatial/index';
import { noticeDone, noticeProblem } from '../../ui/index.ts';
import type { DropPlace } from './model/placing.ts';
import { PartCommands } from './part-commands.ts';
import { useRoom } from './room-context.tsx';
import { roomStrings } from './strings.ts';

/** The commands on parts with what a person sees of them: a toast for a refusal, undo after a delete, new selection. */
export function usePartActions() {
  const { session, view } = useRoom();
  return useMemo(() => {
    const commands = new PartCommands(session);
    const tell = (problem: Problem | null): boolean => {
      if (problem) noticeProblem(problem);
      return problem === null;
    };
    const select = (ids: readonly PartId[]) => view.selection.set(new Set(ids));
    const t = roomStrings.text;
    return {
      frame: (ids: readonly PartId[]) => view.frame(ids),
      rename: (id: PartId, name: string) => {
        const known = partsOf(session.document.get()).get(id);
        const wanted = name.trim();
        return wanted === '' || wanted === known?.name || tell(commands.rename(id, wanted));
      },
      setHidden: (ids: Iterable<PartId>, hidden: boolean) => tell(commands.setHidden(ids, hidden)),
      setMaterial: (ids: Iterable<PartId>, material: Material) => tell(commands.setMaterial(ids, material)),
      move: (moves: readonly { id: PartId; poseInParent: Pose }[], gesture?: string) =>
        tell(commands.move(moves, gesture)),
      setDimension: (id: PartId, name: string, value: number, gesture?: string) =>
        tell(commands.setDimension(id, name, value, gesture)),
      place: (ids: Iterable<PartId>, place: DropPlace) => tell(commands.place(ids, place)),
      remove: (ids: readonly PartId[]) => {
        if (ids.length === 0 || !tell(commands.remove(ids))) return;
        select([]);
        noticeDone(t('deleted', { count: ids.length }), () => session.undo());
      },
      duplicate: (ids: readonly PartId[]) => {
        if (ids.length === 0) return;
        const { copies, problem } = commands.duplicate(ids);
        if (tell(problem)) select(copies);
      },
      group: (ids: readonly PartId[]) => {
        const { id, problem } = commands.group(t('newGroup'), ids);
        if (tell(problem)) select([id]);
      },
      ungroup: (id: PartId) => {
        if (tell(commands.ungroup(id))) select([]);
      },
      add: (kind: ParametricKind, parent: PartId | null) => {
        const parts = partsOf(session.document.get());
        const count = parts.valueSeq().count(({ shape }) => shape?.kind === kind) + 1;
        const { id, problem } = commands.addParametric(kind, t(`new_${kind}`, { number: count }), parent);
        if (!tell(problem)) return;
        select([id]);
        view.frame([id]);
      },
    };
  }, [session, view]);
}

export type PartActions = ReturnType<typeof usePartActions>;
