import type { ActivityDefinition } from '#protocol/xapi/index';
import type { Compartment } from './compartment.ts';

/** Entries of each kind; a hall speaks of a few thousand activities and people. */
const MAX_ENTRIES = 20_000;

/**
 * What was stored of activities and names lately, so that the same words again cost no query. Of this process alone: a
 * definition that another process changed meanwhile stays as that one left it, which is as good an order as any.
 */
export class Known {
  private readonly activities = new Map<string, string>();
  private readonly names = new Set<string>();

  /** Also takes note of it. */
  hasActivity(compartment: Compartment, id: string, definition: ActivityDefinition): boolean {
    const key = `${compartment} ${id}`;
    const text = JSON.stringify(definition);
    if (this.activities.get(key) === text) return true;
    if (this.activities.size >= MAX_ENTRIES) this.activities.clear();
    this.activities.set(key, text);
    return false;
  }

  hasName(key: string, name: string): boolean {
    const entry = `${key} ${name}`;
    if (this.names.has(entry)) return true;
    if (this.names.size >= MAX_ENTRIES) this.names.clear();
    this.names.add(entry);
    return false;
  }

  /** After a transaction that was not committed. */
  forget(): void {
    this.activities.clear();
    this.names.clear();
  }
}
