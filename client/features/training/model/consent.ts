import { connectTraining } from '#net/training';
import { session as person } from '../../session/index.ts';

/** Says in the room's journal whether my motion may be recorded there; I am in the room for as long as that takes. */
export async function giveConsent(room: string, motion: boolean): Promise<void> {
  const token = person.get()?.token ?? '';
  const session = await connectTraining({ hallUrl: location.origin, token, room, device: 'desktop' });
  try {
    const sent = session.submitTraining('consent.give', { motion });
    if ('problem' in sent) throw sent.problem;
    await session.confirmed(sent.id);
  } finally {
    await session.leave();
  }
}
