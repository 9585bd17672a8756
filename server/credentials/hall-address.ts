import { Injectable } from '@nestjs/common';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Config } from '../platform/config/index.ts';

/**
 * The address that certificates name for their status list: PUBLIC_URL, else where this hall listens. A certificate says
 * it for as long as it lives, so a hall whose certificates leave the house sets PUBLIC_URL; within the hall the list is
 * found whatever the address was.
 */
@Injectable()
export class HallAddress {
  constructor(private readonly config: Config) {}

  get url(): string {
    const { publicUrl, dataDir, port } = this.config.tree;
    if (publicUrl) return publicUrl;
    const notice = join(dataDir, 'run', 'server.json');
    if (!existsSync(notice)) return `http://localhost:${port || 2567}`;
    return (JSON.parse(readFileSync(notice, 'utf8')) as { url: string }).url;
  }

  /** Null when nobody outside would find it. */
  get publicUrl(): string | null {
    return this.config.tree.publicUrl ?? null;
  }
}
