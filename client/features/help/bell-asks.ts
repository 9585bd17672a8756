/** Who has just come onto the list of experts can be rung at once: the bell need not wait until it asks again. */
export const bellAsks = new EventTarget();
export const askBell = (): boolean => bellAsks.dispatchEvent(new Event('ask'));
