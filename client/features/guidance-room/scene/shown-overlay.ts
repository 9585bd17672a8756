import { Store } from '#net/store';
import type { JobOverlay } from './job-overlay.ts';

/** The overlay on the page; null while there is none. The headset's door and the marks of experts ask for it. */
export const shownOverlay = new Store<JobOverlay | null>(null);
