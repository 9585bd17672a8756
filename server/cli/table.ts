import Table, { type TableConstructorOptions } from 'cli-table3';

/** A table for people; in a pipe or a file without the codes that colour a terminal. */
export const newTable = (options: TableConstructorOptions): Table.Table =>
  new Table({ ...options, ...(process.stdout.isTTY ? {} : { style: { head: [], border: [] } }) });
