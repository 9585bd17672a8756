import { WorkhallError } from '#protocol/errors';
import { environmentSchema, toTree, type ConfigTree } from './config.tree.ts';

/** Injectable holder of the tree; tests build one with `new Config({ ...tree })`. */
export class Config {
  constructor(readonly tree: ConfigTree) {}
}

/** The only reader of the environment. `overrides` are the CLI's options and win over it. */
export function readConfig(overrides: Record<string, string | undefined> = {}, env = process.env): Config {
  // Each list on its own: an option that was not given must not hide a variable that is.
  const given = [...Object.entries(env), ...Object.entries(overrides)].filter(
    ([, value]) => value !== undefined && value !== '',
  );
  const parsed = environmentSchema.safeParse(Object.fromEntries(given));
  if (parsed.success) return new Config(toTree(parsed.data));

  // Values stay out of the message: one of them may be a key or a password.
  const bad = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`);
  throw new WorkhallError('config', 'invalid', `These settings cannot be used:\n${bad.join('\n')}`, {
    facts: { variables: parsed.error.issues.map((issue) => issue.path.join('.')) },
    next: 'Correct them in the environment and start again; docs/guide/running-a-hall.md lists every setting with its default.',
    status: 500,
  });
}
