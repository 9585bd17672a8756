import { connect } from 'node:net';
import { hostname } from 'node:os';
import { Logger } from '@nestjs/common';
import { toProblem, WorkhallError, type Problem } from '#protocol/errors';
import { SystemIds } from '../clock/index.ts';
import type { Database } from '../database/index.ts';
import { Fleet, type HallProcess } from './fleet.ts';
import { isNoAnswer, noAnswer, ProcessGone } from './fleet-problems.ts';
import { BEAT_MS, type Neighbour, type ProcessRegistry } from './process-registry.ts';
import type { RedisLine } from './redis-line.ts';
import { Turns } from './turns.ts';

const EVERYBODY = 'workhall:everybody';
const channelOf = (id: string) => `workhall:process:${id}`;
const ANSWER_TIMEOUT_MS = 2_000;
const PROBE_TIMEOUT_MS = 500;
const LOOPBACK = /^(127\.|localhost$|\[::1\]$)/;

type Message =
  | { readonly kind: 'said'; readonly topic: string; readonly body: unknown }
  | {
      readonly kind: 'asked';
      readonly id: string;
      readonly by: string;
      readonly question: string;
      readonly body: unknown;
    }
  | { readonly kind: 'answered'; readonly id: string; readonly body: unknown }
  | { readonly kind: 'refused'; readonly id: string; readonly problem: Problem; readonly status: number };

interface Waiting {
  resolve(answer: unknown): void;
  reject(thrown: Error): void;
}

/**
 * Several processes, one hall. Who lives stands in PostgreSQL (`ProcessRegistry`); what they say to each other goes over
 * Redis and may get lost while that is away: `onGap` tells when it may have been.
 */
export class RedisFleet extends Fleet {
  readonly isShared = true;
  /** People here now; set by whoever counts them. */
  countUsers: () => number = () => 0;
  readonly #logger = new Logger('Fleet');
  readonly #ids = new SystemIds();
  readonly #turns = new Turns();
  readonly #listeners = new Map<string, Set<(body: unknown) => void>>();
  readonly #handlers = new Map<string, (body: never) => Promise<unknown>>();
  readonly #waiting = new Map<string, Waiting>();
  readonly #gapListeners = new Set<() => void>();
  readonly #beatListeners = new Set<() => Promise<void>>();
  #timer: NodeJS.Timeout | undefined;
  #isBeating = false;
  #isDraining = false;

  constructor(
    readonly registry: ProcessRegistry,
    private readonly line: RedisLine,
    private readonly database: Database,
  ) {
    super();
  }

  get self(): HallProcess {
    return this.registry.self;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  async open(): Promise<void> {
    await this.line.listen(
      [EVERYBODY, channelOf(this.self.id)],
      (text) => this.#onMessage(JSON.parse(text) as Message),
      () => this.#gapListeners.forEach((listener) => listener()),
    );
    this.#timer = setInterval(() => void this.beat(), BEAT_MS).unref();
  }

  /** To every process, this one included. */
  async publish(topic: string, body: unknown): Promise<void> {
    await this.#say(EVERYBODY, { kind: 'said', topic, body });
  }

  subscribe(topic: string, listener: (body: unknown) => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => void listeners.delete(listener);
  }

  /** Calls back after a time in which messages of others may have been missed. */
  onGap(listener: () => void): void {
    this.#gapListeners.add(listener);
  }

  /** Calls back each second, after this process has told that it lives. */
  onBeat(listener: () => Promise<void>): void {
    this.#beatListeners.add(listener);
  }

  answer(question: string, handler: (body: never) => Promise<unknown>): void {
    this.#handlers.set(question, handler);
  }

  /**
   * Asks one process. Rejects with the WorkhallError that it threw, with `ProcessGone` when it is dead, or with
   * `fleet.no_answer` (503) when it did not answer in time: then it may have done what was asked, or not.
   */
  async ask<Answer>(
    process: HallProcess,
    question: string,
    body: unknown,
    timeoutMs = ANSWER_TIMEOUT_MS,
  ): Promise<Answer> {
    if (process.id === this.self.id) return (await this.#handle(question, body)) as Answer;
    const id = this.#ids.next();
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, { resolve, reject });
    const timer = setTimeout(() => reject(noAnswer(process, question)), timeoutMs);
    try {
      const heard = await this.#say(channelOf(process.id), { kind: 'asked', id, by: this.self.id, question, body });
      // Redis forgets who listened as soon as their connection ends, which a killed process's does at once.
      if (heard === 0) throw noAnswer(process, question);
      return (await promise) as Answer;
    } catch (thrown) {
      if (isNoAnswer(thrown) && !(await this.#isThere(process))) throw new ProcessGone(process);
      throw thrown;
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(id);
      promise.catch(() => {}); // when saying it failed, nobody waits for the answer
    }
  }

  exclusively<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    // One connection per key and process, however many wait here.
    return this.#turns.take(key, () => this.database.locked(key, work));
  }

  async named(name: string): Promise<Neighbour | null> {
    return (await this.registry.living()).find((process) => process.name === name) ?? null;
  }

  /** Keeps a note that all processes can read, for a while. */
  async keep(key: string, note: unknown, ttlMs: number): Promise<void> {
    await this.line.keep(`workhall:${key}`, JSON.stringify(note), ttlMs);
  }

  async recall<Note>(key: string): Promise<Note | null> {
    const [text] = await this.line.recall([`workhall:${key}`]);
    return text ? (JSON.parse(text) as Note) : null;
  }

  async check(): Promise<{ ok: boolean; detail: string }> {
    const [ms, living] = await Promise.all([this.line.check(), this.registry.living()]);
    const names = living.map(({ name, users }) => `${name} (${users})`).join(', ');
    const detail = `${this.self.name} of ${names}; Redis ${this.line.place} in ${ms.toFixed(0)} ms`;
    return this.#isDraining ? { ok: false, detail: `draining; ${detail}` } : { ok: true, detail };
  }

  /** Throws `fleet.redis_away` (503): nothing that others must hear of or do can be done just now. */
  async requireRedis(): Promise<void> {
    try {
      await this.line.check();
    } catch (cause) {
      throw new WorkhallError('fleet', 'redis_away', 'The server processes of this hall cannot reach each other.', {
        next: 'Try again in a moment; everything you do in an open room is saved meanwhile.',
        status: 503,
        cause,
      });
    }
  }

  async drain(): Promise<void> {
    this.#isDraining = true;
    await this.registry.drain();
  }

  async leave(): Promise<void> {
    clearInterval(this.#timer);
    await this.registry.leave();
    this.line.close();
  }

  /** Also outside its turn: after a pause the first thing to know is what was lost. */
  async beat(): Promise<void> {
    if (this.#isBeating) return;
    this.#isBeating = true;
    try {
      await this.registry.beat(this.countUsers());
      for (const listener of this.#beatListeners) await listener();
    } catch (thrown) {
      this.#logger.warn(`No beat: ${thrown instanceof Error ? thrown.message : String(thrown)}`);
    } finally {
      this.#isBeating = false;
    }
  }

  #say(channel: string, message: Message): Promise<number> {
    return this.line.say(channel, JSON.stringify(message));
  }

  #onMessage(message: Message): void {
    switch (message.kind) {
      case 'said':
        for (const listener of [...(this.#listeners.get(message.topic) ?? [])]) listener(message.body);
        return;
      case 'asked':
        void this.#reply(message.id, message.by, message.question, message.body);
        return;
      case 'answered':
        return this.#waiting.get(message.id)?.resolve(message.body);
      case 'refused': {
        const { scope, key, message: words, facts, next } = message.problem;
        const options = { facts: { ...facts }, status: message.status, ...(next ? { next } : {}) };
        return this.#waiting.get(message.id)?.reject(new WorkhallError(scope, key, words, options));
      }
    }
  }

  async #reply(id: string, by: string, question: string, body: unknown): Promise<void> {
    const reply: Message = await this.#handle(question, body).then(
      (answer) => ({ kind: 'answered', id, body: answer }),
      (thrown: unknown) => {
        if (!(thrown instanceof WorkhallError)) this.#logger.error(`${question} failed`, thrown);
        const status = thrown instanceof WorkhallError ? thrown.status : 500;
        return { kind: 'refused', id, problem: toProblem(thrown), status };
      },
    );
    await this.#say(channelOf(by), reply).catch(() => undefined); // who asked finds out by the time that passes
  }

  async #handle(question: string, body: unknown): Promise<unknown> {
    const handler = this.#handlers.get(question);
    if (!handler) throw new WorkhallError('fleet', 'unknown_question', `Nobody answers ${question} here.`);
    return handler(body as never);
  }

  /** False: it is dead, by its beats or because its port refuses connections, and everybody knows from now on. */
  async #isThere(process: HallProcess): Promise<boolean> {
    const living = (await this.registry.living()).find(({ id }) => id === process.id);
    if (!living) return false;
    // On another machine its loopback address is ours, and says nothing of it.
    const isReachable = living.host === hostname() || !LOOPBACK.test(new URL(living.url).hostname);
    if (!isReachable || !(await refusesConnections(living.url))) return true;
    this.#logger.warn(`Process ${process.name} is dead: nobody listens at ${living.url}`);
    await this.registry.declareDead(process.id);
    return false;
  }
}

/** True only when its machine says that nobody listens there; silence proves nothing. */
function refusesConnections(url: string): Promise<boolean> {
  const { hostname: host, port, protocol } = new URL(url);
  return new Promise((resolve) => {
    const socket = connect({ host, port: Number(port || (protocol === 'https:' ? 443 : 80)) });
    const settle = (isRefused: boolean) => {
      socket.destroy();
      resolve(isRefused);
    };
    socket.setTimeout(PROBE_TIMEOUT_MS, () => settle(false));
    socket.once('connect', () => settle(false));
    socket.once('error', ({ code }: NodeJS.ErrnoException) => settle(code === 'ECONNREFUSED'));
  });
}
