import { Store } from '#net/store';
import { IN_ROOM_LOCK, TAKE_OVER } from './session-mark.ts';

/** `unable`: this page is not secure (plain HTTP from another machine), or the browser knows no service workers. */
export interface ShellState {
  readonly state: 'unable' | 'absent' | 'loading' | 'ready' | 'failed';
  /** A newer version of the page is here and waits. */
  readonly hasUpdate: boolean;
}

/** A page that somebody looks at gets its shell when it has nothing else to do, ms. */
const QUIET_AFTER_MS = 20_000;

// While developing the page is made for each request: there is nothing to keep.
const canHave = !import.meta.env.DEV && 'serviceWorker' in navigator && isSecureContext;
export const shell = new Store<ShellState>({ state: canHave ? 'absent' : 'unable', hasUpdate: false });
let registered: Promise<void> | null = null;
let mayReload = false;

/**
 * At the start of every page. The shell is fetched when the page is at rest, at once where Workhall was installed.
 */
export function beginShell(): void {
  if (!canHave) return;
  const isInstalled = matchMedia('(display-mode: standalone)').matches;
  if (navigator.serviceWorker.controller || isInstalled) void keepShell();
  else setTimeout(() => void keepShell(), QUIET_AFTER_MS);
}

/** Resolves when the page opens without a network from now on, or when it turns out that it cannot. */
export function keepShell(): Promise<void> {
  return (registered ??= register().catch((thrown: unknown) => {
    console.warn('The page could not be kept for use without a network.', thrown);
    shell.set({ ...shell.get(), state: 'failed' });
    registered = null;
  }));
}

async function register(): Promise<void> {
  if (!canHave) return;
  if (!navigator.serviceWorker.controller) shell.set({ ...shell.get(), state: 'loading' });
  navigator.serviceWorker.addEventListener('controllerchange', () => void (mayReload && location.reload()));
  const registration = await navigator.serviceWorker.register('/service-worker.js', { updateViaCache: 'none' });
  const look = () =>
    shell.set({ ...shell.get(), hasUpdate: registration.waiting !== null && registration.active !== null });
  const watch = () => registration.installing?.addEventListener('statechange', look);
  registration.addEventListener('updatefound', watch);
  // Found already, by the browser's own look when the page was opened.
  watch();
  look();
  const { installing } = registration;
  if (installing && !registration.active) await isActive(installing);
  shell.set({ ...shell.get(), state: 'ready' });
  // Somebody has just come, and is in no room: now nobody minds.
  if (shell.get().hasUpdate && !location.pathname.startsWith('/room/')) void takeOver();
}

function isActive(worker: ServiceWorker): Promise<void> {
  return new Promise((resolve, reject) => {
    worker.addEventListener('statechange', () => {
      if (worker.state === 'activated') resolve();
      if (worker.state === 'redundant') reject(new Error('A file of the page could not be fetched.'));
    });
  });
}

/** The new version comes, and this page is loaded again. False: a room is open somewhere, and stays what it is. */
export async function takeOver(): Promise<boolean> {
  const registration = await navigator.serviceWorker.getRegistration();
  if (!registration?.waiting || (await isAnybodyInRoom())) return false;
  mayReload = true;
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has one origin: ours
  registration.waiting.postMessage(TAKE_OVER);
  return true;
}

async function isAnybodyInRoom(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query();
  return held.some(({ name }) => name === IN_ROOM_LOCK);
}

/** For as long as a page is in a room: until the returned function is called, or the page ends. */
export function stayInRoom(): () => void {
  let leave = (): void => undefined;
  const left = new Promise<void>((resolve) => (leave = resolve));
  if ('locks' in navigator) void navigator.locks.request(IN_ROOM_LOCK, { mode: 'shared' }, () => left);
  return leave;
}
