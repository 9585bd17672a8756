import { Injectable } from '@nestjs/common';

export interface PartState {
  ok: boolean;
  detail: string;
}

/** A part that does not answer in this time counts as down: the probe of a load balancer waits no longer either. */
const CHECK_TIMEOUT_MS = 2_000;

/** Each part that the hall needs registers one check; the hall is healthy when every one of them is. */
@Injectable()
export class Health {
  private readonly checks = new Map<string, () => Promise<PartState>>();

  register(part: string, check: () => Promise<PartState>): void {
    this.checks.set(part, check);
  }

  async report(): Promise<{ ok: boolean; parts: Record<string, PartState> }> {
    const entries = await Promise.all(
      [...this.checks].map(async ([part, check]) => [part, await within(check)] as const),
    );
    return { ok: entries.every(([, state]) => state.ok), parts: Object.fromEntries(entries) };
  }
}

async function within(check: () => Promise<PartState>): Promise<PartState> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<PartState>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer in ${CHECK_TIMEOUT_MS} ms` }), CHECK_TIMEOUT_MS);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (thrown) {
    return { ok: false, detail: thrown instanceof Error ? thrown.message : String(thrown) };
  } finally {
    clearTimeout(timer);
  }
}
