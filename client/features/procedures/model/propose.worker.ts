import { toProblem, type Problem } from '#protocol/errors';
import type { Procedure, Text } from '#protocol/procedures/index';
import { proposalOf, type DesignPart } from './design-parts.ts';

export interface ProposeOrder {
  readonly parts: readonly DesignPart[];
  /** Triangles by what parts look like. */
  readonly meshes: ReadonlyMap<string, Float32Array>;
  readonly title: Text;
  readonly languages: readonly string[];
}
/** How far it is, 0 to 1; then what came out. */
export type ProposeNews =
  | { readonly share: number }
  | { readonly procedure: Procedure; readonly stuck: number }
  | { readonly problem: Problem };

const say = (news: ProposeNews) => self.postMessage(news, {});

// An assembly of hundreds of parts takes a minute: the page goes on meanwhile, and can end it.
self.onmessage = ({ data: { parts, meshes, title, languages } }: MessageEvent<ProposeOrder>) => {
  try {
    const { procedure, disassembly } = proposalOf(parts, title, languages, meshes, (share) => say({ share }));
    say({ procedure, stuck: disassembly.stuck.length });
  } catch (thrown) {
    say({ problem: toProblem(thrown) });
  }
};
