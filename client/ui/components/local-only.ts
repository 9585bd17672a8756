/** Whether this page's address works on this machine only: another device that follows it would meet itself. */
export const isLocalOnly = (): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(location.hostname);
