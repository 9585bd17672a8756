import { IconCube, IconCylinder, IconFolder, IconFolderOpen, IconGridDots, IconPackage } from '@tabler/icons-react';
import type { Part } from '#protocol/design/index';
import { roomStrings } from '../strings.ts';

const ICONS = { box: IconCube, cylinder: IconCylinder, plate: IconGridDots, asset: IconPackage } as const;

/** What kind of part it is. Groups show whether they are open. */
export function PartIcon({ part, isOpen = false, size = 16 }: { part: Part; isOpen?: boolean; size?: number }) {
  const Shown = part.shape ? ICONS[part.shape.kind] : isOpen ? IconFolderOpen : IconFolder;
  return <Shown size={size} stroke={1.6} aria-hidden style={{ flex: 'none' }} />;
}

export function useKindName(): (part: Part) => string {
  const t = roomStrings.useText();
  return (part) => t(part.shape ? `kind_${part.shape.kind}` : 'kind_group');
}
