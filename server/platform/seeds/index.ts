import { Injectable, Logger } from '@nestjs/common';

/** Puts something to look at into an empty hall; answers in a phrase what it did, and does nothing the second time. */
export type Seed = () => Promise<string>;

/** Domains register what they can seed; `npx workhall seed` and the first start run it in the order of registration. */
@Injectable()
export class Seeds {
  private readonly logger = new Logger('Seeds');
  private readonly seeds = new Map<string, Seed>();

  register(name: string, seed: Seed): void {
    this.seeds.set(name, seed);
  }

  async run(): Promise<void> {
    for (const [name, seed] of this.seeds) this.logger.log(`${name}: ${await seed()}`);
  }
}
