import { problem, type Problem } from '#protocol/errors';
import type { PartId } from '#protocol/ids';
import type { ClientMessages, ServerMessages } from '#protocol/room/index';

type Answer = ServerMessages['lease'];
type Tell = <K extends 'lease.take' | 'lease.release'>(type: K, message: ClientMessages[K]) => void;

/** The parts I hold, each with the fence that its lease came with. */
export class LeaseHolder {
  readonly #fences = new Map<PartId, number>();
  readonly #requests = new Map<number, (answer: Answer) => void>();
  #lastRequest = 0;

  constructor(
    /** Null while the connection is away. */
    private readonly line: () => Tell | null,
    private readonly onLost: (reason: Problem) => void,
  ) {}

  async take(parts: readonly PartId[]): Promise<{ ok: true } | { ok: false; problem: Problem }> {
    const answer = await this.#ask(parts);
    if ('problem' in answer) return { ok: false, problem: answer.problem };
    for (const part of parts) this.#fences.set(part, answer.fence);
    return { ok: true };
  }

  /** `before` runs when there is something to let go of: what settles the part goes out first. */
  release(parts: readonly PartId[], before: () => void): void {
    const mine = parts.filter((part) => this.#fences.delete(part));
    if (mine.length === 0) return;
    before();
    this.line()?.('lease.release', { parts: mine });
  }

  renew(): void {
    if (this.#fences.size === 0 || !this.line()) return;
    const parts = [...this.#fences.keys()];
    void this.#ask(parts).then((answer) => {
      for (const part of parts) {
        if (!this.#fences.has(part)) continue;
        if ('fence' in answer) this.#fences.set(part, answer.fence);
        else this.#fences.delete(part);
      }
      if ('problem' in answer) this.onLost(answer.problem);
    });
  }

  /** The fence that covers all of these. Away from the server I cannot know that I still hold them. */
  fenceOf(parts: readonly PartId[]): number | undefined {
    if (!this.line()) return undefined;
    const fences = parts.map((part) => this.#fences.get(part));
    return fences.every((fence) => fence !== undefined && fence === fences[0]) ? fences[0] : undefined;
  }

  answered(answer: Answer): void {
    this.#requests.get(answer.request)?.(answer);
    this.#requests.delete(answer.request);
  }

  /** The connection is gone: nobody will answer. */
  stop(reason: Problem): void {
    for (const [request, answer] of this.#requests) answer({ request, problem: reason });
    this.#requests.clear();
  }

  #ask(parts: readonly PartId[]): Promise<Answer> {
    const request = ++this.#lastRequest;
    const tell = this.line();
    const offline = problem('room', 'offline', 'The connection is away just now.', { next: 'Wait until it is back.' });
    if (!tell) return Promise.resolve({ request, problem: offline });
    return new Promise((resolve) => {
      this.#requests.set(request, resolve);
      tell('lease.take', { request, parts: [...parts] });
    });
  }
}
