import type { Command } from 'commander';

/** One command of `npx workhall`: a file `commands/<name>.command.ts`, and a line in `commands/index.ts`. */
export interface HallCommand {
  /** Adds itself, its arguments and options to the program. Heavy imports belong into the action. */
  register(program: Command): void;
}
