import { z } from 'zod';
import { ClientId } from '#protocol/ids';
import { toProblem, type Problem } from '#protocol/errors';
import type { ForwardedCircle, VoiceForwarder } from './forwarder.ts';

/** What a hall asks of a forwarder that runs elsewhere, in a thread or in another process: the port as plain data. */
const Circle = z.string().min(1).max(200);
const Audience = z.array(ClientId).max(100).optional();
export const Order = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('open'), circle: Circle }),
  z.strictObject({
    do: z.literal('answer'),
    circle: Circle,
    session: ClientId,
    sdp: z.string().max(64_000),
    speaks: z.boolean(),
    to: Audience,
  }),
  z.strictObject({ do: z.literal('speaks'), circle: Circle, session: ClientId, speaks: z.boolean(), to: Audience }),
  z.strictObject({ do: z.literal('remove'), circle: Circle, session: ClientId }),
  z.strictObject({ do: z.literal('close'), circle: Circle }),
]);
export type Order = z.infer<typeof Order>;

export type OrderAnswer = { readonly sdp: string } | { readonly problem: Problem } | { readonly ok: true };

export type ForwarderNews =
  | { readonly news: 'slots'; readonly circle: string; readonly session: ClientId; readonly slots: (ClientId | null)[] }
  | { readonly news: 'gone'; readonly circle: string; readonly session: ClientId };

/** The far end: carries out orders on a forwarder, and tells what happens there. */
export class OrderDesk {
  readonly #circles = new Map<string, ForwardedCircle>();

  readonly #forwarder: VoiceForwarder;
  readonly #tell: (news: ForwarderNews) => void;

  constructor(forwarder: VoiceForwarder, tell: (news: ForwarderNews) => void) {
    this.#forwarder = forwarder;
    this.#tell = tell;
  }

  async take(order: Order): Promise<OrderAnswer> {
    if (order.do === 'open') {
      this.#open(order.circle);
      return { ok: true };
    }
    const circle = this.#circles.get(order.circle);
    if (!circle) return { ok: true };
    switch (order.do) {
      case 'answer':
        try {
          return { sdp: await circle.answer(order.session, order) };
        } catch (thrown) {
          return { problem: toProblem(thrown) };
        }
      case 'speaks':
        circle.setSpeaks(order.session, order.speaks, order.to);
        break;
      case 'remove':
        circle.remove(order.session);
        break;
      case 'close':
        circle.close();
        this.#circles.delete(order.circle);
    }
    return { ok: true };
  }

  closeAll(): void {
    for (const circle of this.#circles.values()) circle.close();
    this.#circles.clear();
  }

  #open(circle: string): void {
    this.#circles.get(circle)?.close();
    this.#circles.set(
      circle,
      this.#forwarder.open(circle, {
        slots: (session, slots) => this.#tell({ news: 'slots', circle, session, slots: [...slots] }),
        gone: (session) => this.#tell({ news: 'gone', circle, session }),
        lost: () => this.#circles.delete(circle),
      }),
    );
  }
}
