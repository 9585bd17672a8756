import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { startProxyAlone } from '../support/fleet.ts';
import { missingForScale } from '../support/programs.ts';

describe.skipIf(missingForScale())('the proxy in front of a hall', () => {
  it('asks a process that has just come back, also when it has left out both a moment ago', async () => {
    const { url, ports, stop } = await startProxyAlone();
    const hall = createServer((_, response) => response.end('here'));
    const status = async () => (await fetch(`${url}/api/health`)).status;
    try {
      // One has died, the other one is stopping: both refuse, and are left out for two seconds.
      expect([await status(), await status()]).toEqual([502, 502]);
      await new Promise<void>((resolve) => hall.listen(ports['hall-2'], '127.0.0.1', () => resolve()));
      expect([await status(), await status(), await status()]).toEqual([200, 200, 200]);
    } finally {
      hall.close();
      hall.closeAllConnections();
      await stop();
    }
  });
});
