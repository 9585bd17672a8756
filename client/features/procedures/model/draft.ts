import { Store, type Readable } from '#net/store';
import { problemOf } from '../../../ui/strings/problem-text.ts';
import type { Problem } from '#protocol/errors';
import { Procedure, withOutdated } from '#protocol/procedures/index';
import { z } from 'zod';

/** What the author sees of saving. `conflict`: somebody else has saved since; nothing is sent until they have chosen. */
export type Saving =
  | { readonly kind: 'saved' | 'unsaved' | 'saving' | 'offline' }
  | { readonly kind: 'conflict'; readonly theirs: Procedure; readonly version: number }
  | { readonly kind: 'refused'; readonly problem: Problem };

export interface DraftState {
  readonly procedure: Procedure;
  /** The version on the server that this was made from. */
  readonly version: number;
  readonly saving: Saving;
  readonly canUndo: boolean;
  readonly canRedo: boolean;
}

export interface DraftServer {
  save(version: number, procedure: Procedure): Promise<{ version: number }>;
  read(): Promise<{ version: number; procedure: Procedure }>;
}

/** Where what is not yet on the server waits over a reload: localStorage, by the draft's id. */
export type Shelf = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

interface Options {
  readonly saveAfterMs: number;
  /** After a lost connection. */
  readonly retryAfterMs: number;
  /** Edits of the same field within this time are one step of undo. */
  readonly joinWithinMs: number;
  readonly nowMs: () => number;
}
const DEFAULTS: Options = { saveAfterMs: 700, retryAfterMs: 4000, joinWithinMs: 2500, nowMs: () => Date.now() };
const MAX_UNDO = 200;

const Kept = z.object({ version: z.number().int(), procedure: Procedure });

/**
 * A procedure in the hands of its author: every edit is kept on this device at once and on the server a moment later,
 * with the version it was made from. What somebody else saved meanwhile is never written over unseen.
 */
export class ProcedureDraft {
  readonly state: Readable<DraftState>;
  readonly #state: Store<DraftState>;
  readonly #options: Options;
  #past: Procedure[] = [];
  #future: Procedure[] = [];
  #lastEdit: { key: string; atMs: number } | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #isSending = false;
  #isClosed = false;

  constructor(
    readonly id: string,
    given: { version: number; procedure: Procedure },
    private readonly server: DraftServer,
    private readonly shelf: Shelf,
    options: Partial<Options> = {},
  ) {
    this.#options = { ...DEFAULTS, ...options };
    const kept = this.#kept();
    const isOld = kept !== null && kept.version !== given.version;
    this.#state = new Store<DraftState>({
      procedure: kept?.procedure ?? given.procedure,
      version: kept?.version ?? given.version,
      saving: isOld
        ? { kind: 'conflict', theirs: given.procedure, version: given.version }
        : { kind: kept ? 'unsaved' : 'saved' },
      canUndo: false,
      canRedo: false,
    });
    this.state = this.#state;
  }

  /** `key`: the field that was changed, so that typing a sentence is undone as a sentence. */
  edit(change: (procedure: Procedure) => Procedure, key?: string): void {
    const { procedure } = this.#state.get();
    const changed = change(procedure);
    if (changed === procedure) return;
    const next = withOutdated(procedure, changed);
    const atMs = this.#options.nowMs();
    const last = this.#lastEdit;
    const isSame = key !== undefined && last?.key === key && atMs - last.atMs < this.#options.joinWithinMs;
    if (!isSame) this.#past = [...this.#past.slice(1 - MAX_UNDO), procedure];
    this.#future = [];
    this.#lastEdit = key === undefined ? null : { key, atMs };
    this.#show(next);
  }

  undo(): void {
    const before = this.#past.at(-1);
    if (!before) return;
    this.#past = this.#past.slice(0, -1);
    this.#future = [...this.#future, this.#state.get().procedure];
    this.#lastEdit = null;
    this.#show(before);
  }

  redo(): void {
    const after = this.#future.at(-1);
    if (!after) return;
    this.#future = this.#future.slice(0, -1);
    this.#past = [...this.#past, this.#state.get().procedure];
    this.#lastEdit = null;
    this.#show(after);
  }

  /** After a conflict. Theirs: mine stays one step of undo away. Mine: theirs is replaced, having been shown. */
  settle(whose: 'mine' | 'theirs'): void {
    const { saving, procedure } = this.#state.get();
    if (saving.kind !== 'conflict') return;
    if (whose === 'theirs') {
      this.#past = [...this.#past, procedure];
      this.#future = [];
      this.shelf.removeItem(this.#shelfKey);
      this.#set({ procedure: saving.theirs, version: saving.version, saving: { kind: 'saved' } });
      return;
    }
    this.#set({ version: saving.version, saving: { kind: 'unsaved' } });
    this.#keep();
    this.#soon(0);
  }

  /** Sends at once what waits; resolves when the server has it, or cannot have it now. */
  async flush(): Promise<boolean> {
    this.#stopTimer();
    await this.#send();
    return this.#state.get().saving.kind === 'saved';
  }

  /** After `close`: a page that is shown again goes on. */
  open(): void {
    this.#isClosed = false;
    if (this.#state.get().saving.kind === 'unsaved') this.#soon(this.#options.saveAfterMs);
  }

  /** The timers stop; what is not saved stays on the shelf. */
  close(): void {
    this.#isClosed = true;
    this.#stopTimer();
  }

  #show(procedure: Procedure): void {
    const { saving } = this.#state.get();
    this.#set({ procedure, saving: saving.kind === 'conflict' ? saving : { kind: 'unsaved' } });
    this.#keep();
    if (saving.kind !== 'conflict') this.#soon(this.#options.saveAfterMs);
  }

  #set(change: Partial<DraftState>): void {
    this.#state.set({
      ...this.#state.get(),
      ...change,
      canUndo: this.#past.length > 0,
      canRedo: this.#future.length > 0,
    });
  }

  #soon(afterMs: number): void {
    this.#stopTimer();
    if (!this.#isClosed) this.#timer = setTimeout(() => void this.#send(), afterMs);
  }

  #stopTimer(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
  }

  async #send(): Promise<void> {
    const { procedure, version, saving } = this.#state.get();
    if (this.#isSending || saving.kind === 'saved' || saving.kind === 'conflict') return;
    this.#isSending = true;
    this.#set({ saving: { kind: 'saving' } });
    try {
      const saved = await this.server.save(version, procedure);
      const isSame = this.#state.get().procedure === procedure;
      this.#set({ version: saved.version, saving: { kind: isSame ? 'saved' : 'unsaved' } });
      if (isSame) this.shelf.removeItem(this.#shelfKey);
      else this.#keep();
    } catch (thrown) {
      await this.#failed(problemOf(thrown));
    } finally {
      this.#isSending = false;
    }
    if (this.#state.get().saving.kind === 'unsaved') this.#soon(this.#options.saveAfterMs);
  }

  async #failed(problem: Problem): Promise<void> {
    const isAway = problem.scope === 'net' && problem.key === 'unreachable';
    try {
      if (problem.scope === 'procedures' && problem.key === 'stale') {
        const { version, procedure } = await this.server.read();
        return this.#set({ saving: { kind: 'conflict', theirs: procedure, version } });
      }
    } catch (thrown) {
      return this.#failed(problemOf(thrown));
    }
    this.#set({ saving: isAway ? { kind: 'offline' } : { kind: 'refused', problem } });
    if (isAway) this.#soon(this.#options.retryAfterMs);
  }

  #keep(): void {
    const { version, procedure } = this.#state.get();
    try {
      this.shelf.setItem(this.#shelfKey, JSON.stringify({ version, procedure }));
    } catch {
      this.shelf.removeItem(this.#shelfKey); // full: the page itself still holds it, and goes on sending
    }
  }

  #kept(): z.infer<typeof Kept> | null {
    const text = this.shelf.getItem(this.#shelfKey);
    if (text === null) return null;
    try {
      return Kept.parse(JSON.parse(text));
    } catch {
      return null; // of another version of the format: the server's draft is what there is
    }
  }

  get #shelfKey(): string {
    return `workhall.procedure.${this.id}`;
  }
}
