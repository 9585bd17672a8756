/** Calls and transactions that one address may send to the chain through this hall, per minute. */
export const RPC_LIMITS = { callsPerMinute: 1_200, transactionsPerMinute: 30 };

interface Window {
  startedAtMs: number;
  calls: number;
  transactions: number;
}

/** Counts per address in fixed windows of a minute. The embedded chain's gas is free: this is what keeps the disk free. */
export class RpcLimit {
  private readonly windows = new Map<string, Window>();

  /** False when the address has used up its minute. */
  admit(address: string, isTransaction: boolean, nowMs: number): boolean {
    const known = this.windows.get(address);
    const window =
      known && nowMs - known.startedAtMs < 60_000 ? known : { startedAtMs: nowMs, calls: 0, transactions: 0 };
    if (window !== known) {
      if (this.windows.size > 10_000) this.windows.clear();
      this.windows.set(address, window);
    }
    window.calls++;
    if (isTransaction) window.transactions++;
    return window.calls <= RPC_LIMITS.callsPerMinute && window.transactions <= RPC_LIMITS.transactionsPerMinute;
  }
}
