import { isLanguageTag } from '../xapi/index.ts';

/** Clause 11: what a learner likes, kept with the learner's agent. */
export interface LearnerPreferences {
  /** RFC 5646 tags, the best first. */
  readonly languages: readonly string[];
  readonly audio: 'on' | 'off' | null;
}

/** Null: not as clause 11 wants the document, which an LMS then refuses. */
export function readPreferences(document: unknown): LearnerPreferences | null {
  if (typeof document !== 'object' || document === null || Array.isArray(document)) return null;
  const { languagePreference, audioPreference } = document as Record<string, unknown>;
  if (typeof languagePreference !== 'string' || (audioPreference !== 'on' && audioPreference !== 'off')) return null;
  const languages = languagePreference.split(',').map((one) => one.trim());
  return languages.every(isLanguageTag) ? { languages, audio: audioPreference } : null;
}
