import { Worker } from 'node:worker_threads';
import { Logger } from '@nestjs/common';
import type { ForwarderNews, Order, OrderAnswer } from './forwarder-orders.ts';
import { OrderedForwarder, type OrderLine, type OrderLineListener } from './ordered.forwarder.ts';
import { problems } from './problems.ts';
import type { WeriftOptions } from './werift.forwarder.ts';

export type ToThread = { readonly id: number; readonly order: Order };
export type FromThread = { readonly id: number; readonly answer: OrderAnswer } | ForwarderNews;

const IS_SOURCE = import.meta.url.endsWith('.ts');
const WORKER = new URL(IS_SOURCE ? './forwarder.worker.ts' : './forwarder.worker.js', import.meta.url);

/**
 * The built-in forwarder: a thread of the hall. Encrypting packets does not delay the rooms, and what a broken or hostile
 * connection does to the media library ends the thread at worst; it is started again when somebody needs it.
 */
export class ThreadForwarder extends OrderedForwarder {
  readonly #logger = new Logger('Voice');

  constructor(private readonly options: WeriftOptions = {}) {
    super();
  }

  get detail(): string {
    return this.isUp ? 'forwards in a thread of the hall' : 'the forwarding thread is being started again';
  }

  protected connect(listener: OrderLineListener): OrderLine {
    return new ThreadLine(this.options, listener);
  }

  protected wentDown(cause: unknown): void {
    this.#logger.warn(`The forwarding thread ended (${String(cause)}); it starts again when it is needed`);
  }
}

class ThreadLine implements OrderLine {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, { resolve(answer: OrderAnswer): void; reject(cause: unknown): void }>();
  #asked = 0;

  constructor(options: WeriftOptions, listener: OrderLineListener) {
    this.#worker = new Worker(WORKER, {
      workerData: options,
      // From source, `#protocol/*` means the .ts files.
      ...(IS_SOURCE && { execArgv: ['--conditions=source', '--disable-warning=ExperimentalWarning'] }),
      env: {},
    });
    this.#worker.unref();
    const down = (cause: unknown) => {
      for (const { reject } of this.#waiting.values()) reject(problems.forwarderAway(cause));
      this.#waiting.clear();
      listener.down(cause);
    };
    this.#worker.on('message', (told: FromThread) => {
      if ('news' in told) return listener.news(told);
      this.#waiting.get(told.id)?.resolve(told.answer);
      this.#waiting.delete(told.id);
    });
    this.#worker.once('error', down).once('exit', (code) => down(`exit code ${code}`));
  }

  ask(order: Order): Promise<OrderAnswer> {
    const id = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, order } satisfies ToThread, []);
    });
  }

  async close(): Promise<void> {
    this.#worker.removeAllListeners('exit');
    await this.#worker.terminate();
  }
}
