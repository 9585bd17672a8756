import { SaxesParser } from 'saxes';

/** Namespaces resolved, comments and instructions left out. */
export interface Element {
  readonly name: string;
  readonly namespace: string;
  /** Without a namespace. Those of other namespaces are vendors' and left out. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly Element[];
  /** All text directly in it. */
  readonly text: string;
  readonly line: number;
}

const MAX_DEPTH = 100;
const MAX_ELEMENTS = 500_000;

interface Open extends Element {
  readonly children: Element[];
  text: string;
}

/**
 * Well-formed XML to a tree, or the first thing wrong with it. A document type is refused: courses have none, and entities
 * of one's own are how XML has been made to explode or to read other people's files.
 */
export function parseXml(text: string): { ok: true; root: Element } | { ok: false; line: number; message: string } {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const open: Open[] = [];
  let root: Element | null = null;
  let fault: { line: number; message: string } | null = null;
  let count = 0;
  /** Out of the parser at once: what comes after the first fault is not worth reading, and deep nesting takes it long. */
  const stop = (message: string): never => {
    fault ??= { line: parser.line, message };
    throw new Error(message);
  };
  parser.on('error', ({ message }) => stop(message.replace(/^\d+:\d+:? /, '')));
  parser.on('doctype', () => stop('it has a document type, which courses do not need'));
  parser.on('opentag', (tag) => {
    if (++count > MAX_ELEMENTS) stop(`it has more than ${MAX_ELEMENTS} elements`);
    if (open.length >= MAX_DEPTH) stop(`elements are nested more than ${MAX_DEPTH} deep`);
    const attributes = new Map(
      Object.values(tag.attributes)
        .filter(({ uri, name }) => uri === '' && name !== 'xmlns')
        .map(({ local, value }): [string, string] => [local, value]),
    );
    open.push({ name: tag.local, namespace: tag.uri, attributes, children: [], text: '', line: parser.line });
  });
  const onText = (piece: string) => {
    const inner = open.at(-1);
    if (inner) inner.text += piece;
  };
  parser.on('text', onText);
  parser.on('cdata', onText);
  parser.on('closetag', () => {
    const closed = open.pop();
    if (!closed) return;
    const outer = open.at(-1);
    if (outer) outer.children.push(closed);
    else root = closed;
  });
  try {
    parser.write(text.replace(/^\uFEFF/, '')).close();
  } catch (thrown) {
    fault ??= { line: parser.line, message: thrown instanceof Error ? thrown.message : String(thrown) };
  }
  if (fault !== null) return { ok: false, ...(fault as { line: number; message: string }) };
  return root ? { ok: true, root } : { ok: false, line: 1, message: 'it has no element' };
}
