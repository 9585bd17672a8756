import { useSyncExternalStore } from 'react';
import { newId } from '#net/new-id';
import { Store } from '#net/store';
import { api, session } from '../session/index.ts';
import type { ImportedFile, ImportProgress } from './import-file.ts';

/** Comes when it is needed: it brings the room connection along, which the hall does not have to load. */
const importing = () => import('./import-file.ts');
const drawing = () => import('./project-picture.ts');

/** An import that this browser runs. It goes on while the person walks from page to page. */
export interface RunningImport {
  readonly id: string;
  readonly project: string;
  readonly room: string;
  readonly file: File;
  readonly startedAtMs: number;
  readonly state:
    | { readonly kind: 'running'; readonly progress: ImportProgress }
    /** `isDrawing`: the project's picture of what came in is still being made. */
    | { readonly kind: 'done'; readonly imported: ImportedFile; readonly isDrawing: boolean }
    | { readonly kind: 'failed'; readonly thrown: unknown };
}

class Imports {
  readonly running = new Store<readonly RunningImport[]>([]);
  readonly #stops = new Map<string, AbortController>();
  readonly #listeners = new Set<(project: string) => void>();

  start(project: { id: string; room: string }, file: File): void {
    const token = session.get()?.token;
    if (!token) return;
    const id = newId();
    const stop = new AbortController();
    this.#stops.set(id, stop);
    const begun: RunningImport = {
      id,
      project: project.id,
      room: project.room,
      file,
      startedAtMs: Date.now(),
      state: { kind: 'running', progress: { step: 'uploading', fraction: 0 } },
    };
    this.running.update((all) => [...all, begun]);
    const work = importing().then(({ importFile }) =>
      importFile({
        file,
        api,
        room: project.room,
        join: { token },
        signal: stop.signal,
        onProgress: (progress) => this.#set(id, { kind: 'running', progress }),
      }),
    );
    work.then(
      (imported) => {
        this.#set(id, { kind: 'done', imported, isDrawing: true });
        this.#tell(project.id);
        void this.#draw(project).finally(() => this.#set(id, { kind: 'done', imported, isDrawing: false }));
      },
      (thrown: unknown) => (stop.signal.aborted ? this.dismiss(id) : this.#set(id, { kind: 'failed', thrown })),
    );
  }

  cancel(id: string): void {
    this.#stops.get(id)?.abort();
  }

  retry(id: string): void {
    const failed = this.running.get().find((one) => one.id === id);
    if (!failed) return;
    this.dismiss(id);
    this.start({ id: failed.project, room: failed.room }, failed.file);
  }

  /** Takes a finished import out of the room again. */
  async undo(id: string): Promise<void> {
    const done = this.running.get().find((one) => one.id === id);
    const token = session.get()?.token;
    if (done?.state.kind !== 'done' || !token) return;
    const { undoImport } = await importing();
    await undoImport(done.room, token, done.state.imported.group);
    this.dismiss(id);
    this.#tell(done.project);
  }

  dismiss(id: string): void {
    this.#stops.delete(id);
    this.running.update((all) => all.filter((one) => one.id !== id));
  }

  /** Told when the parts of a project have changed through an import. */
  onChange(listener: (project: string) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** A new picture, now that there is more to see. */
  async #draw(project: { id: string; room: string }): Promise<void> {
    const { drawProjectPicture } = await drawing();
    if (await drawProjectPicture(project, null)) this.#tell(project.id);
  }

  #tell(project: string): void {
    for (const listener of this.#listeners) listener(project);
  }

  #set(id: string, state: RunningImport['state']): void {
    this.running.update((all) => all.map((one) => (one.id === id ? { ...one, state } : one)));
  }
}

export const imports = new Imports();

export function useImports(project: string): readonly RunningImport[] {
  return useSyncExternalStore(imports.running.subscribe, imports.running.get).filter((one) => one.project === project);
}
