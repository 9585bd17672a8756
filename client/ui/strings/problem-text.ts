import type { Problem } from '#protocol/errors';
import { problem as newProblem, WorkhallError } from '#protocol/errors';
import { useTranslation } from 'react-i18next';
import { currentLanguage, i18n, type Language } from './language.ts';
import { PROBLEMS_ZH } from './problems.zh.ts';

export interface ProblemText {
  readonly message: string;
  readonly next: string | null;
}

/** Looked up by `scope.key`; what nobody has translated yet speaks with the server's own English sentences. */
export function problemText(problem: Problem, language: Language = currentLanguage()): ProblemText {
  const own = language === 'zh' ? PROBLEMS_ZH[`${problem.scope}.${problem.key}`] : undefined;
  if (!own) return { message: problem.message, next: problem.next ?? null };
  const fill = (sentence: string) =>
    sentence.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(problem.facts[name] ?? ''));
  return { message: fill(own[0]), next: own[1] ? fill(own[1]) : null };
}

export function useProblemText(): (thrown: unknown) => ProblemText {
  useTranslation(undefined, { i18n, useSuspense: false });
  return (thrown) => problemText(problemOf(thrown));
}

/** What a query or a promise threw, as a problem. */
export function problemOf(thrown: unknown): Problem {
  if (thrown instanceof WorkhallError) return thrown.problem;
  if (isProblem(thrown)) return thrown;
  tellDeveloper(thrown);
  return newProblem('page', 'unexpected', 'Something went wrong in this page. What you saved is safe.', {
    next: 'Try again, or load the page again; if it stays, tell the person who runs this hall.',
  });
}

const told = new WeakSet<object>();

/** Once: the words of a problem are asked for at each drawing. */
function tellDeveloper(thrown: unknown): void {
  if (typeof thrown === 'object' && thrown !== null) {
    if (told.has(thrown)) return;
    told.add(thrown);
  }
  console.error(thrown);
}

const isProblem = (thing: unknown): thing is Problem =>
  typeof thing === 'object' && thing !== null && 'scope' in thing && 'key' in thing && 'message' in thing;
