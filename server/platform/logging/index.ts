import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { WorkhallError } from '#protocol/errors';
import type { ConfigTree } from '../config/index.ts';

const ORDER = ['fatal', 'error', 'warn', 'log', 'debug', 'verbose'] as const satisfies readonly LogLevel[];
/** Nest tells every module and route it wires; that is for a developer who asked for `LOG_LEVEL=debug`. */
const WIRING = new Set(['NestFactory', 'InstanceLoader', 'RoutesResolver', 'RouterExplorer', 'NestApplication']);

class HallLogger extends ConsoleLogger {
  /** `stderr`: all of it, because what the program prints otherwise is its result. */
  stream: 'usual' | 'stderr' = 'usual';

  protected override printMessages(
    ...[messages, context, level, stream, ...rest]: Parameters<ConsoleLogger['printMessages']>
  ): void {
    super.printMessages(messages, context, level, this.stream === 'stderr' ? 'stderr' : stream, ...rest);
  }

  override log(message: unknown, ...rest: unknown[]): void {
    if (WIRING.has(String(rest.at(-1)))) super.debug(message, ...rest);
    else super.log(message, ...rest);
  }

  /** As in other logs: 2026-11-21 05:39:11, local time. */
  protected override getTimestamp(): string {
    return new Date().toLocaleString('sv-SE');
  }

  /** One line a person reads from left to right: when, how grave, which part, what. The process id is in JSON lines. */
  protected override formatMessage(
    level: LogLevel,
    message: unknown,
    _pid: string,
    _level: string,
    context: string,
    sincePrevious: string,
  ): string {
    const grave = level === 'log' ? '' : `${this.colorize(level.toUpperCase(), level)} `;
    return `${this.getTimestamp()} ${grave}${context}${this.stringifyMessage(message, level)}${sincePrevious}\n`;
  }

  /** A failed start whose reason we know is told once, in words, by whoever called `serve`. */
  override error(message: unknown, ...rest: unknown[]): void {
    if (rest.at(-1) === 'ExceptionHandler' && message instanceof WorkhallError) return;
    super.error(message, ...rest);
  }
}

/** Text for a person at a terminal, JSON lines for a log collector (`LOG_FORMAT=json`). */
export function createLogger(
  tree: Pick<ConfigTree, 'logLevel' | 'logFormat'>,
  stream: HallLogger['stream'] = 'usual',
): ConsoleLogger {
  const out = stream === 'stderr' ? process.stderr : process.stdout;
  const logger = new HallLogger({
    prefix: 'Workhall',
    json: tree.logFormat === 'json',
    // In a file and in a pipe they are only signs that nobody can read.
    colors: tree.logFormat === 'text' && Boolean(out.isTTY) && out.hasColors(),
    logLevels: ORDER.slice(0, ORDER.indexOf(tree.logLevel) + 1),
  });
  logger.stream = stream;
  return logger;
}
