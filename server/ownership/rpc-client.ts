import { z } from 'zod';
import { ChainRpcError, chainUnreachable } from './chain.ts';

const Answer = z.object({
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
});

const TIMEOUT_MS = 20_000;

/** JSON-RPC 2.0 over HTTP, one call per request: batches cost more than they save on loopback. */
export class RpcClient {
  private id = 0;

  constructor(
    readonly url: string,
    private readonly place: string,
    private readonly timeoutMs = TIMEOUT_MS,
  ) {}

  async request(method: string, params: readonly unknown[]): Promise<unknown> {
    let answer: z.infer<typeof Answer>;
    try {
      const response = await fetch(this.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: ++this.id, method, params }),
        signal: AbortSignal.timeout(this.timeoutMs),
      });
      answer = Answer.parse(await response.json());
    } catch (cause) {
      throw chainUnreachable(this.place, cause);
    }
    if (answer.error) throw new ChainRpcError(answer.error.message, answer.error.code, answer.error.data);
    return answer.result;
  }
}
