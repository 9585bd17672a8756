/**
 * One shape for everything that goes wrong, on HTTP, WebSocket, CLI and page alike.
 *
 * A problem names where it happened (`scope`), what happened (`key`), the facts a program can use, and a sentence
 * for a person that ends in the next step. Clients translate by `scope.key` and fall back to `message`.
 */
export type Fact = string | number | boolean | null | readonly string[];

export interface Problem {
  /** Part of the product: `design`, `assets`, `identity`, `room`, … */
  readonly scope: string;
  /** What happened, snake_case, stable across releases: `part_held`, `file_too_large`, … */
  readonly key: string;
  readonly facts: Readonly<Record<string, Fact>>;
  /** English sentence for a person: what happened, and what stays safe. */
  readonly message: string;
  /** What the person can do now. */
  readonly next?: string;
}

export interface ProblemOptions {
  facts?: Record<string, Fact>;
  next?: string;
  /** HTTP status; WebSocket close codes echo it as 4000 + status. Default 400. */
  status?: number;
  cause?: unknown;
}

/** Throw this at the edges; pure code returns a `Problem` instead (see `Rejection` in `journal/reducer`). */
export class WorkhallError extends Error {
  readonly problem: Problem;
  readonly status: number;

  constructor(scope: string, key: string, message: string, options: ProblemOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'WorkhallError';
    this.status = options.status ?? 400;
    this.problem = { scope, key, message, facts: options.facts ?? {}, ...(options.next ? { next: options.next } : {}) };
  }
}

export function problem(
  scope: string,
  key: string,
  message: string,
  options: Omit<ProblemOptions, 'status' | 'cause'> = {},
): Problem {
  return { scope, key, message, facts: options.facts ?? {}, ...(options.next ? { next: options.next } : {}) };
}

/** Turns anything thrown into a problem; unknown causes keep their text out of what a stranger sees. */
export function toProblem(thrown: unknown): Problem {
  if (thrown instanceof WorkhallError) return thrown.problem;
  return problem('server', 'unexpected', 'Something went wrong on the server. Nothing you saved is lost.', {
    next: 'Try again; if it stays, tell the person who runs this hall and give the time.',
  });
}
