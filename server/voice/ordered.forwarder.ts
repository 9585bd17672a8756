import type { ClientId } from '#protocol/ids';
import { WorkhallError } from '#protocol/errors';
import { VoiceForwarder, type ForwardedCircle, type ForwarderListener } from './forwarder.ts';
import type { ForwarderNews, Order, OrderAnswer } from './forwarder-orders.ts';
import { problems } from './problems.ts';

/** A line to a forwarder that runs elsewhere. Orders arrive in order. */
export interface OrderLine {
  ask(order: Order): Promise<OrderAnswer>;
  close(): Promise<void>;
}

export interface OrderLineListener {
  news(news: ForwarderNews): void;
  /** What stood there is gone. */
  down(cause: unknown): void;
}

/** A line that broke is tried again after this time, ms; so long nobody is moved to it. */
const RETRY_MS = 3_000;

/** The near end of every forwarder that is not in this thread: what the port says becomes orders on a line. */
export abstract class OrderedForwarder extends VoiceForwarder {
  readonly #listeners = new Map<string, ForwarderListener>();
  #line: OrderLine | null = null;
  #downUntilMs = 0;
  #circles = 0;

  protected abstract connect(listener: OrderLineListener): OrderLine;

  get isUp(): boolean {
    return performance.now() >= this.#downUntilMs;
  }

  open(circle: string, listener: ForwarderListener): ForwardedCircle {
    // Numbered: what is still under way for a former circle of this room is not meant for this one.
    const name = `${circle}#${(this.#circles += 1)}`;
    this.#listeners.set(name, listener);
    this.#send({ do: 'open', circle: name });
    return {
      answer: async (session, offer) => {
        if (!this.#listeners.has(name)) throw problems.forwarderAway();
        const { to, ...rest } = offer;
        const order = { do: 'answer', circle: name, session, ...rest, ...(to ? { to: [...to] } : {}) } as const;
        const answer = await this.#ask(order);
        if ('sdp' in answer) return answer.sdp;
        if ('problem' in answer) {
          const { scope, key, message, ...more } = answer.problem;
          throw new WorkhallError(scope, key, message, { ...more, facts: { ...more.facts } });
        }
        throw problems.forwarderAway();
      },
      setSpeaks: (session, speaks, to) =>
        this.#send({ do: 'speaks', circle: name, session, speaks, ...(to ? { to: [...to] } : {}) }),
      remove: (session) => this.#send({ do: 'remove', circle: name, session }),
      close: () => {
        if (this.#listeners.delete(name)) this.#send({ do: 'close', circle: name });
      },
    };
  }

  async stop(): Promise<void> {
    this.#listeners.clear();
    const line = this.#line;
    this.#line = null;
    await line?.close();
  }

  #send(order: Order): void {
    this.#ask(order).catch((cause: unknown) => this.#broke(this.#line, cause));
  }

  #ask(order: Order): Promise<OrderAnswer> {
    if (this.#line) return this.#line.ask(order);
    const line = this.connect({
      news: (news) => this.#heard(news),
      down: (cause) => this.#broke(line, cause),
    });
    this.#line = line;
    return line.ask(order);
  }

  #heard(news: ForwarderNews): void {
    const listener = this.#listeners.get(news.circle);
    if (news.news === 'slots') listener?.slots(news.session, news.slots);
    else listener?.gone(news.session as ClientId);
  }

  #broke(line: OrderLine | null, cause: unknown): void {
    if (!line || line !== this.#line) return;
    this.#line = null;
    this.#downUntilMs = performance.now() + RETRY_MS;
    this.wentDown(cause);
    void line.close();
    const listeners = [...this.#listeners.values()];
    this.#listeners.clear();
    for (const listener of listeners) listener.lost();
  }

  /** For the log. */
  protected abstract wentDown(cause: unknown): void;
}
