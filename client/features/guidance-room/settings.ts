import { Store } from '#net/store';

const DISTANCE_STORED_AS = 'workhall.guidance.distance';
const ALOUD_STORED_AS = 'workhall.guidance.aloud';

const kept = Number(localStorage.getItem(DISTANCE_STORED_AS));

/** How this person wants the page, on this device. */
export const settings = {
  /** Null: by the device. */
  readingDistanceM: new Store<number | null>(kept > 0 ? kept : null),
  readsAloud: new Store(localStorage.getItem(ALOUD_STORED_AS) === 'yes'),
};

settings.readingDistanceM.subscribe(() =>
  localStorage.setItem(DISTANCE_STORED_AS, String(settings.readingDistanceM.get() ?? '')),
);
settings.readsAloud.subscribe(() => localStorage.setItem(ALOUD_STORED_AS, settings.readsAloud.get() ? 'yes' : 'no'));
