import { WorkhallError } from '#protocol/errors';

export const noSuchRoom = (room: string) =>
  new WorkhallError('journal', 'no_such_room', 'There is no such room.', {
    facts: { room },
    next: 'Check the link, or go back to the hall.',
    status: 404,
  });

export const roomExists = (room: string) =>
  new WorkhallError('journal', 'room_exists', 'A room with this id is already there.', {
    facts: { room },
    status: 409,
  });

export const notAtEnd = (room: string, seq: number, cause?: unknown) =>
  new WorkhallError('journal', 'not_at_end', 'Somebody else has written to this journal.', {
    facts: { room, seq },
    status: 409,
    cause,
  });

export const notOwner = (room: string) =>
  new WorkhallError('journal', 'not_owner', 'Another server process has opened this room meanwhile.', {
    facts: { room },
    next: 'Enter the room again; nothing that was acknowledged is lost.',
    status: 409,
  });

export const isNotOwner = (thrown: unknown): boolean =>
  thrown instanceof WorkhallError && thrown.problem.scope === 'journal' && thrown.problem.key === 'not_owner';
