import '@xyflow/react/dist/base.css';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Edge,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { useMantineColorScheme } from '@mantine/core';
import { useMemo } from 'react';
import { useEditor } from '../editor-context.tsx';
import { numbers } from '../model/diff-words.ts';
import { layOut, NODE_PX } from '../model/graph.ts';
import { procedureStrings } from '../strings.ts';
import css from './steps-view.module.css';

interface Shown extends Record<string, unknown> {
  readonly label: string;
  readonly isSelected: boolean;
  readonly problems: string;
}

function StepNode({ data }: NodeProps<Node<Shown>>) {
  return (
    <div className={css['node']} data-selected={data.isSelected} data-problems={data.problems}>
      <Handle type="target" position={Position.Top} isConnectable={false} style={{ opacity: 0 }} />
      {data.label}
      <Handle type="source" position={Position.Bottom} isConnectable={false} style={{ opacity: 0 }} />
    </div>
  );
}
const TYPES = { step: StepNode };

/** How the steps hang together. To look and to go there: what leads where is changed in the step itself. */
export default function GraphPanel() {
  const t = procedureStrings.useText();
  const { procedure, findings, say, selected, select } = useEditor();
  const { colorScheme } = useMantineColorScheme();
  const graph = useMemo(() => layOut(procedure, findings), [procedure, findings]);
  const counted = numbers(procedure);
  const steps = new Map(
    [...procedure.chapters, ...procedure.subchapters].flatMap((one) =>
      one.steps.map((step) => [step.id as string, step]),
    ),
  );
  const nodes = graph.nodes.map((node): Node<Shown> => {
    const label = t('stepNamed', {
      n: counted.get(node.id) ?? 0,
      title: say.text(steps.get(node.id)!.title) || t('untitledStep'),
    });
    return {
      id: node.id,
      type: 'step',
      position: { x: node.x, y: node.y },
      data: { label, isSelected: node.id === selected, problems: node.problems ?? '' },
      ariaLabel: label,
      ...NODE_PX,
    };
  });
  const edges = graph.edges.map((edge): Edge => ({
    id: edge.id,
    source: edge.from,
    target: edge.to,
    type: 'smoothstep',
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--wh-text-quiet)' },
    style: { stroke: 'var(--wh-text-quiet)', ...(edge.kind === 'way' ? {} : { strokeDasharray: '5 4' }) },
    focusable: false,
  }));
  return (
    <div className={css['graph']}>
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={TYPES}
        colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
        aria-label={t('graph')}
        nodesDraggable={false}
        nodesConnectable={false}
        deleteKeyCode={null}
        fitView
        fitViewOptions={{ nodes: [{ id: selected }], maxZoom: 0.9 }}
        minZoom={0.1}
        onNodeClick={(_, node) => select(node.id)}
        onSelectionChange={({ nodes: [chosen] }) => chosen && chosen.id !== selected && select(chosen.id)}
      >
        <Background gap={20} color="var(--wh-line)" />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}
