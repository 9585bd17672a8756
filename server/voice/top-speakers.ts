/** Levels are those of RFC 6464: dB below full scale, 0 loudest, 127 silent. */
export interface TopSpeakersOptions {
  /** People heard at once. */
  readonly most: number;
  /** Louder than this counts as speech, dB below full scale. */
  readonly speechDb: number;
  /** Pauses between words: who is in stays in for so long after their last loud packet, ms. */
  readonly holdMs: number;
  /** Who came in stays at least so long while they speak, ms, so that two who are equally loud do not take turns. */
  readonly stayMs: number;
  /** A challenger must be louder than the quietest who is in by this much, dB. */
  readonly marginDb: number;
}

export const TOP_SPEAKERS: Omit<TopSpeakersOptions, 'most'> = {
  speechDb: 50,
  holdMs: 1_200,
  stayMs: 1_500,
  marginDb: 6,
};

/** A level rises at once and falls this fast, dB per second: syllables do not count as silence. */
const FALL_DB_PER_SECOND = 40;

interface Voice {
  /** Smoothed level at `atMs`, dB below full scale. */
  level: number;
  atMs: number;
  loudAtMs: number;
  inSinceMs: number | null;
}

/**
 * Who is heard when many speak: the loudest few, with hysteresis in level and time. Silent people are never among them,
 * and while there is room a speaker is in with their first loud packet, so that no word loses its beginning.
 */
export class TopSpeakers {
  readonly #voices = new Map<string, Voice>();
  readonly #options: TopSpeakersOptions;
  #top: readonly string[] = [];

  constructor(options: Pick<TopSpeakersOptions, 'most'> & Partial<TopSpeakersOptions>) {
    this.#options = { ...TOP_SPEAKERS, ...options };
  }

  /** In the order in which they came in. Changes identity when it changes. */
  get top(): readonly string[] {
    return this.#top;
  }

  /** A packet of somebody. Returns true when that changed who is heard. */
  heard(id: string, level: number, nowMs: number): boolean {
    const known = this.#voices.get(id);
    const voice = known ?? { level: 127, atMs: nowMs, loudAtMs: -Infinity, inSinceMs: null };
    voice.level = Math.min(level, fallen(voice, nowMs));
    voice.atMs = nowMs;
    if (level < this.#options.speechDb) voice.loudAtMs = nowMs;
    if (!known) this.#voices.set(id, voice);
    if (voice.inSinceMs !== null || voice.loudAtMs !== nowMs) return false;
    if (this.#top.length < this.#options.most) return this.#admit(id, voice, nowMs);
    return this.#challenge(id, voice, nowMs);
  }

  /** Lets those go who have been silent. Returns true when that changed who is heard. */
  advance(nowMs: number): boolean {
    const stay = this.#top.filter((id) => nowMs - this.#voices.get(id)!.loudAtMs <= this.#options.holdMs);
    if (stay.length === this.#top.length) return false;
    for (const id of this.#top) if (!stay.includes(id)) this.#voices.get(id)!.inSinceMs = null;
    this.#top = stay;
    return true;
  }

  forget(id: string): boolean {
    this.#voices.delete(id);
    if (!this.#top.includes(id)) return false;
    this.#top = this.#top.filter((one) => one !== id);
    return true;
  }

  #admit(id: string, voice: Voice, nowMs: number): true {
    voice.inSinceMs = nowMs;
    this.#top = [...this.#top, id];
    return true;
  }

  /** Takes the place of the quietest who has been in for long enough, when clearly louder. */
  #challenge(id: string, voice: Voice, nowMs: number): boolean {
    let weakest: string | null = null;
    let weakestLevel = -Infinity;
    for (const one of this.#top) {
      const other = this.#voices.get(one)!;
      const level = fallen(other, nowMs);
      if (nowMs - other.inSinceMs! < this.#options.stayMs || level <= weakestLevel) continue;
      [weakest, weakestLevel] = [one, level];
    }
    if (weakest === null || voice.level > weakestLevel - this.#options.marginDb) return false;
    this.#voices.get(weakest)!.inSinceMs = null;
    this.#top = this.#top.filter((one) => one !== weakest);
    return this.#admit(id, voice, nowMs);
  }
}

const fallen = ({ level, atMs }: Voice, nowMs: number): number =>
  Math.min(127, level + ((nowMs - atMs) / 1000) * FALL_DB_PER_SECOND);

/**
 * Whose voice one listener gets on which track: who is heard stays on their track, newcomers take free ones, and nobody
 * hears themself.
 */
export function assignSlots(
  before: readonly (string | null)[],
  top: readonly string[],
  listener: string,
): (string | null)[] {
  const wanted = top.filter((id) => id !== listener).slice(0, before.length);
  const slots = before.map((id) => (id !== null && wanted.includes(id) ? id : null));
  for (const id of wanted) if (!slots.includes(id)) slots[slots.indexOf(null)] = id;
  return slots;
}
