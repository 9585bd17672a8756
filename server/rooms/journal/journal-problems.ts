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
