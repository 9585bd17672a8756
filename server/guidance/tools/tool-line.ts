import type { ToolResult } from '#protocol/guidance/index';

/** A tool at a station as the hall knows it: what a line cannot tell is filled in from here. */
export interface KnownDevice {
  readonly device: string;
  readonly serial: string | null;
  readonly calibratedUntilMs: number | null;
}

/**
 * The way by which tools tell their results. A line repeats a result until it was taken, so that none is lost over a drop
 * or a crash; `key` makes the repetition harmless. `take` resolves when the result is on disk, and only then the tool is
 * told so.
 */
export interface ToolLine {
  readonly name: string;
  open(take: (result: ToolResult) => Promise<void>): Promise<void>;
  close(): Promise<void>;
  /** Whether results come through now; for people. */
  isUp(): boolean;
}
