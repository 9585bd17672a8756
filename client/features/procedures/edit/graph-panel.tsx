import '@xyflow/react/dist/base.css';
import {
  Background,
  Controls,
  Handle,
  MarkerType,
  Position,
  ReactFlow,
  type Connection,
  type Edge,
  type FinalConnectionState,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { useMantineColorScheme } from '@mantine/core';
import { useMemo, type KeyboardEvent } from 'react';
import { useEditor } from '../editor-context.tsx';
import { around, layOut, NODE_PX, type GraphEdge } from '../model/graph.ts';
import { canErase, wayRefused } from '../model/ways.ts';
import { procedureStrings } from '../strings.ts';
import { GraphWays } from './graph-ways.tsx';
import css from './steps-view.module.css';
import { useWays } from './use-ways.ts';

interface Shown extends Record<string, unknown> {
  readonly label: string;
  readonly isSelected: boolean;
  readonly problems: string;
  readonly isEnd: boolean;
}

function StepNode({ data, isConnectable }: NodeProps<Node<Shown>>) {
  return (
    <div className={css['node']} data-selected={data.isSelected} data-problems={data.problems}>
      <Handle type="target" position={Position.Top} className={css['into']!} isConnectable={isConnectable} />
      {data.label}
      {!data.isEnd && (
        <Handle type="source" position={Position.Bottom} className={css['out']!} isConnectable={isConnectable} />
      )}
    </div>
  );
}
const TYPES = { step: StepNode };
/** Fingers are wider than the dots, px. */
const DROP_PX = 36;

/**
 * How the steps hang together. A way is drawn from the dot below a step to another step, by pointer or by two clicks;
 * with the keys it is chosen below the picture, and Delete takes away the way that has the focus.
 */
export default function GraphPanel() {
  const t = procedureStrings.useText();
  const { procedure, findings, selected, select, mayEdit } = useEditor();
  const { nameOf, draw, erase, refuse } = useWays();
  const { colorScheme } = useMantineColorScheme();
  const graph = useMemo(() => layOut(procedure, findings), [procedure, findings]);
  const words = useMemo(
    () => ({
      'node.a11yDescription.default': t('graphNodeHelp'),
      'edge.a11yDescription.default': t('graphWayHelp'),
      'controls.ariaLabel': t('graphControls'),
      'controls.zoomIn.ariaLabel': t('graphNearer'),
      'controls.zoomOut.ariaLabel': t('graphFurther'),
      'controls.fitView.ariaLabel': t('graphWhole'),
      'handle.ariaLabel': t('graphDot'),
    }),
    [t],
  );
  const nodes = graph.nodes.map((node): Node<Shown> => {
    const label = nameOf(node.id);
    return {
      id: node.id,
      type: 'step',
      position: { x: node.x, y: node.y },
      data: {
        label,
        isSelected: node.id === selected,
        problems: node.problems ?? '',
        isEnd: node.kind === 'end',
      },
      ariaLabel: label,
      ...NODE_PX,
    };
  });
  const mayErase = ({ kind, from, way }: GraphEdge) => mayEdit && kind !== 'inside' && canErase(procedure, from, way);
  const edges = graph.edges.map((edge): Edge => ({
    id: edge.id,
    source: edge.from,
    target: edge.to,
    type: 'smoothstep',
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--wh-text-quiet)' },
    ...(edge.kind === 'way' ? {} : { style: { strokeDasharray: '5 4' } }),
    focusable: mayErase(edge),
    ariaLabel: t('wayFromTo', { from: nameOf(edge.from), to: nameOf(edge.to) }),
  }));
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== 'Delete' && event.key !== 'Backspace') return;
    const id = (event.target as Element).closest('.react-flow__edge')?.getAttribute('data-id');
    const edge = graph.edges.find((one) => one.id === id);
    if (!edge || !mayErase(edge)) return;
    event.preventDefault();
    erase(edge.from, edge.way);
  };
  const onDrop = (_: unknown, { fromNode, toNode, isValid }: FinalConnectionState) => {
    if (fromNode && toNode && !isValid) refuse(fromNode.id, toNode.id);
  };
  return (
    <>
      <div className={css['graph']} onKeyDown={onKey}>
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={TYPES}
          colorMode={colorScheme === 'auto' ? 'system' : colorScheme}
          aria-label={t('graph')}
          ariaLabelConfig={words}
          nodesDraggable={false}
          nodesConnectable={mayEdit}
          deleteKeyCode={null}
          connectionRadius={DROP_PX}
          isValidConnection={({ source, target }) => wayRefused(procedure, { from: source, to: target }) === null}
          onConnect={({ source, target }: Connection) => draw(source, target)}
          onConnectEnd={onDrop}
          onClickConnectEnd={onDrop}
          fitView
          fitViewOptions={{ nodes: around(graph.edges, selected).map((id) => ({ id })), minZoom: 0.6, maxZoom: 1 }}
          minZoom={0.1}
          onNodeClick={(_, node) => select(node.id)}
          onEdgeClick={(_, edge) => edge.source !== selected && select(edge.source)}
          onSelectionChange={({ nodes: [chosen] }) => chosen && chosen.id !== selected && select(chosen.id)}
        >
          <Background gap={20} color="var(--wh-line)" />
          <Controls showInteractive={false} />
        </ReactFlow>
      </div>
      <GraphWays />
    </>
  );
}
