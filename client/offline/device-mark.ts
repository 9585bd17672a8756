import { newId } from '#net/new-id';

const STORED_AS = 'workhall.device';

/** This device, by a name that it gave itself: the hall knows by it which one took a job along. */
export function deviceMark(): string {
  const known = localStorage.getItem(STORED_AS);
  if (known) return known;
  const made = newId();
  localStorage.setItem(STORED_AS, made);
  return made;
}
