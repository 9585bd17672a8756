import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import type { createHeliaLight, Helia } from 'helia';

type HeliaInit = NonNullable<Parameters<typeof createHeliaLight>[0]>;
type HeliaClass = new (init: HeliaInit & { name: string; version: string }) => Helia;

/**
 * What `createHeliaLight` does, without the package's only entry: that one also loads libp2p, Bitswap and WebRTC, which a
 * node without network never calls (measured: 119 MB and 0.8 s to load the adapter, 46 MB and 0.25 s this way).
 * The version of `helia` is pinned; the store's behaviour test fails at once if a later one moves this file.
 */
export async function createLightNode(init: HeliaInit): Promise<Helia> {
  const entry = pathToFileURL(createRequire(import.meta.url).resolve('helia'));
  const [node, about] = await Promise.all([
    import(new URL('helia.js', entry).href) as Promise<{ Helia: HeliaClass }>,
    import(new URL('version.js', entry).href) as Promise<{ name: string; version: string }>,
  ]);
  return new node.Helia({ ...init, name: about.name, version: about.version });
}
