import { Logger } from '@nestjs/common';
import type { ForwarderNews, Order, OrderAnswer } from './forwarder-orders.ts';
import { OrderedForwarder, type OrderLine, type OrderLineListener } from './ordered.forwarder.ts';
import { problems } from './problems.ts';

/** An order that is not answered in this time has failed, ms. */
const ORDER_MS = 6_000;
/** The far side says something at least this often, or it is taken for gone, ms. */
const SILENT_MS = 15_000;

/** A forwarder in another process, `npx workhall voice`, on this machine or another: orders and news over HTTP. */
export class RemoteForwarder extends OrderedForwarder {
  readonly #logger = new Logger('Voice');

  constructor(
    private readonly url: string,
    private readonly secret: string,
  ) {
    super();
  }

  get detail(): string {
    return this.isUp ? `forwarded by ${this.url}` : `${this.url} does not answer`;
  }

  protected connect(listener: OrderLineListener): OrderLine {
    return new HttpLine(this.url, this.secret, listener);
  }

  protected wentDown(cause: unknown): void {
    this.#logger.warn(`${this.url} does not answer (${String(cause)}); people hear each other directly meanwhile`);
  }
}

/** One line: a stream of news that lasts, and one request per order, one after another. */
class HttpLine implements OrderLine {
  readonly #ending = new AbortController();
  readonly #listener: OrderLineListener;
  /** The number of this line at the far side; orders wait for it. */
  readonly #line: Promise<string>;
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly url: string,
    private readonly secret: string,
    listener: OrderLineListener,
  ) {
    this.#listener = listener;
    this.#line = new Promise((resolve, reject) => {
      this.#listen(resolve)
        .then(() => Promise.reject(new Error('the stream of news ended')))
        .catch((cause: unknown) => {
          reject(problems.forwarderAway(cause));
          if (!this.#ending.signal.aborted) listener.down(cause);
        });
    });
    // Whoever asks hears of it; without anybody asking, `down` has said it.
    this.#line.catch(() => null);
  }

  ask(order: Order): Promise<OrderAnswer> {
    const asked = this.#last.then(async () => {
      const answer = await this.#request(`orders/${await this.#line}`, order);
      if (!answer.ok) throw problems.forwarderAway(new Error(`HTTP ${answer.status}`));
      return (await answer.json()) as OrderAnswer;
    });
    // An answer takes its time to gather; the next order need not wait for what only this one asked.
    this.#last = order.do === 'answer' ? this.#last : asked.catch(() => null);
    return asked;
  }

  async close(): Promise<void> {
    this.#ending.abort();
  }

  #request(path: string, body?: unknown): Promise<Response> {
    const limit = AbortSignal.timeout(ORDER_MS);
    return fetch(`${this.url}/voice/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.secret}`, 'content-type': 'application/json' },
      body: JSON.stringify(body ?? {}),
      signal: AbortSignal.any([limit, this.#ending.signal]),
    });
  }

  async #listen(opened: (line: string) => void): Promise<void> {
    const silence = new AbortController();
    let timer = setTimeout(() => silence.abort(new Error('silent')), SILENT_MS);
    try {
      const answer = await fetch(`${this.url}/voice/news`, {
        headers: { authorization: `Bearer ${this.secret}` },
        signal: AbortSignal.any([silence.signal, this.#ending.signal]),
      });
      if (!answer.ok || !answer.body) throw new Error(`HTTP ${answer.status}`);
      let rest = '';
      for await (const chunk of answer.body.pipeThrough(new TextDecoderStream())) {
        clearTimeout(timer);
        timer = setTimeout(() => silence.abort(new Error('silent')), SILENT_MS);
        const lines = (rest + chunk).split('\n');
        rest = lines.pop()!;
        for (const line of lines.filter(Boolean)) {
          const told = JSON.parse(line) as ForwarderNews | { line: string };
          if ('line' in told) opened(told.line);
          else this.#listener.news(told);
        }
      }
    } finally {
      clearTimeout(timer);
    }
  }
}
