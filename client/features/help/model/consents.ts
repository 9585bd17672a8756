import type { HelpNow } from './help-call.ts';

/** Who has agreed to be recorded, as I see it. */
export function consentsOf({ call, recording }: HelpNow, me: string) {
  const agreed = new Set<string>(call?.consents);
  return {
    isRecording: recording !== null,
    hasAgreed: agreed.has(me),
    wishRecording: (call?.people ?? [])
      .filter(({ id, untilMs }) => untilMs === null && id !== me && agreed.has(id))
      .map(({ name }) => name),
  };
}
