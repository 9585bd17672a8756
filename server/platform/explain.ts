import { toProblem, WorkhallError } from '#protocol/errors';

/** For the top of a program: says what happened and what to do, without a stack when we know the reason. */
export function explain(thrown: unknown): string {
  if (!(thrown instanceof WorkhallError))
    return thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown);
  const { message, next } = toProblem(thrown);
  const cause = thrown.cause instanceof Error ? `\n  (${thrown.cause.message})` : '';
  return `${message}${cause}${next ? `\n\n${next}` : ''}`;
}
