/**
 * Whose a training run is: of those who take part, of who started it and of who opened the room. They may read its
 * result (`Situation.own`); what else there is to see of people is not for them (`recording.watch` asks whose it is).
 */
export function isOwnRun(
  run: { readonly participants: readonly { readonly id: string }[]; readonly startedBy: string },
  openedBy: string,
  person: string,
): boolean {
  return openedBy === person || run.startedBy === person || run.participants.some(({ id }) => id === person);
}
