import dagre from '@dagrejs/dagre';
import { branchesOf, type CheckFinding, type Procedure } from '#protocol/procedures/index';

export interface GraphNode {
  readonly id: string;
  readonly x: number;
  readonly y: number;
  readonly chapter: string;
  readonly problems: 'error' | 'warning' | null;
  readonly kind: 'ordinary' | 'group' | 'parallel' | 'random' | 'end';
}
export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** `way`: a transition; `next`: from the end of a chapter to the next; `inside`: into a sub-procedure. */
  readonly kind: 'way' | 'next' | 'inside';
  /** Which way out, from 0. */
  readonly way: number;
}

export const NODE_PX = { width: 184, height: 52 } as const;

const NEAR_WAYS = 3;
/** A step and what is few ways before and after it: what one looks at first. */
export function around(edges: readonly GraphEdge[], step: string): string[] {
  const near = new Set([step]);
  for (let way = 0; way < NEAR_WAYS; way++) {
    const known = new Set(near);
    for (const { from, to } of edges) {
      if (known.has(from)) near.add(to);
      if (known.has(to)) near.add(from);
    }
  }
  return [...near];
}

/** Steps as boxes from top to bottom, ways as lines. Everybody sees the same picture of the same procedure. */
export function layOut(
  procedure: Procedure,
  findings: readonly CheckFinding[],
): { nodes: GraphNode[]; edges: GraphEdge[] } {
  const edges: GraphEdge[] = [];
  const chapters = [...procedure.chapters, ...procedure.subchapters];
  const byId = new Map(chapters.map((chapter) => [chapter.id, chapter]));
  const known = new Set(chapters.flatMap(({ steps }) => steps.map(({ id }) => id as string)));
  for (const chapter of chapters) {
    const next = procedure.chapters[procedure.chapters.indexOf(chapter) + 1];
    const after = procedure.chapters.includes(chapter) ? next?.first : undefined;
    for (const step of chapter.steps) {
      for (const [way, { to }] of step.transitions.entries()) {
        const target = to ?? after;
        if (target === undefined || !known.has(target)) continue;
        const kind = to === null ? 'next' : 'way';
        edges.push({ id: `${step.id}.${way}`, from: step.id, to: target, kind, way });
      }
      for (const [at, branch] of branchesOf(step.body).entries()) {
        const first = byId.get(branch)?.first;
        if (first !== undefined && known.has(first))
          edges.push({ id: `${step.id}/${at}`, from: step.id, to: first, kind: 'inside', way: at });
      }
    }
  }
  const graph = new dagre.graphlib.Graph({ multigraph: true });
  graph.setGraph({ rankdir: 'TB', nodesep: 28, ranksep: 44 });
  for (const id of known) graph.setNode(id, { ...NODE_PX });
  for (const { id, from, to } of edges) graph.setEdge(from, to, {}, id);
  dagre.layout(graph);
  const worst = new Map<string, 'error' | 'warning'>();
  for (const { where, severity } of findings)
    if (where.step && worst.get(where.step) !== 'error') worst.set(where.step, severity);
  const nodes = chapters.flatMap(({ id: chapter, steps }) =>
    steps.map(({ id, body }): GraphNode => {
      const { x, y } = graph.node(id) as { x: number; y: number };
      return {
        id,
        x: x - NODE_PX.width / 2,
        y: y - NODE_PX.height / 2,
        chapter,
        problems: worst.get(id) ?? null,
        kind: body.kind,
      };
    }),
  );
  return { nodes, edges };
}
