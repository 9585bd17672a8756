import { open, readFile, type FileHandle } from 'node:fs/promises';
import { z } from 'zod';

/** One transaction that was put into one block. */
export interface LoggedBlock {
  readonly height: number;
  /** Unix seconds of the block. */
  readonly time: number;
  readonly raw: string;
}

const Line = z.union([
  z.strictObject({ height: z.number().int().positive(), time: z.number().int(), raw: z.string().startsWith('0x') }),
  /** The node refused what the line before says; that height was used again. */
  z.strictObject({ refused: z.number().int().positive() }),
]);

/**
 * The truth of the embedded chain: every transaction, in the order of its block, on disk before the node sees it.
 * One JSON line each. A torn last line (power cut) was never acknowledged and is cut off.
 */
export class BlockLog {
  private constructor(
    private readonly path: string,
    private readonly file: FileHandle,
    private size: number,
  ) {}

  static async open(path: string): Promise<BlockLog> {
    const file = await open(path, 'a', 0o600);
    const text = await readFile(path, 'utf8');
    const size = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
    if (size < Buffer.byteLength(text)) await file.truncate(size);
    return new BlockLog(path, file, size);
  }

  /** All blocks from the disk; they are not kept in memory. */
  async read(): Promise<LoggedBlock[]> {
    const blocks: LoggedBlock[] = [];
    for (const line of (await readFile(this.path, 'utf8')).split('\n')) {
      if (line === '') continue;
      const parsed = Line.parse(JSON.parse(line));
      if ('refused' in parsed) {
        if (blocks.at(-1)?.height === parsed.refused) blocks.pop();
      } else blocks.push(parsed);
    }
    return blocks;
  }

  /** Resolves when the line is on disk. */
  async append(block: LoggedBlock): Promise<void> {
    await this.write(block);
  }

  async markRefused(height: number): Promise<void> {
    await this.write({ refused: height });
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async write(line: z.infer<typeof Line>): Promise<void> {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    try {
      await this.file.appendFile(bytes);
      await this.file.datasync();
      this.size += bytes.length;
    } catch (cause) {
      // A full disk may have taken half a line: the next write must not continue it.
      await this.file.truncate(this.size);
      throw cause;
    }
  }
}
