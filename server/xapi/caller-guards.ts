import { Injectable } from '@nestjs/common';
import type { Statement } from '#protocol/xapi/index';
import type { Content, Shelf } from './document.store.ts';

/** A request about documents, before it is done. */
export interface DocumentRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  readonly shelf: Shelf;
  /** Undefined: all of them, or their list. */
  readonly id: string | undefined;
  /** Of PUT and POST. */
  readonly content?: Content;
}

/** What another domain has to say about the use of keys that it gave out. Each may throw. */
export interface CallerGuard {
  /** Before anything else. */
  admit(key: string): Promise<void>;
  /** Around storing: of what is refused here nothing is stored. */
  statements(key: string, statements: readonly Statement[], store: () => Promise<string[]>): Promise<string[]>;
  document(key: string, request: DocumentRequest): Promise<void>;
}

/** Guards by the name that is in their keys. A key whose guard nobody registered opens nothing. */
@Injectable()
export class CallerGuards {
  private readonly byName = new Map<string, CallerGuard>();

  register(name: string, guard: CallerGuard): void {
    this.byName.set(name, guard);
  }

  of(name: string): CallerGuard {
    const guard = this.byName.get(name);
    if (!guard) throw new Error(`Nobody guards the keys of "${name}"`);
    return guard;
  }
}
