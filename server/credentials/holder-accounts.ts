import { Injectable } from '@nestjs/common';
import type { HolderAccount } from '#protocol/credentials/index';

type Ask = (person: string) => Promise<HolderAccount | null>;

/** Who somebody is in the learning platform they come from: the domain that let them in says so, when they are certified. */
@Injectable()
export class HolderAccounts {
  private ask: Ask = async () => null;

  use(ask: Ask): void {
    this.ask = ask;
  }

  /** Null: somebody with a place of their own here. */
  of(person: string): Promise<HolderAccount | null> {
    return this.ask(person);
  }
}
