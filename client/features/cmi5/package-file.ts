/** A name by which one finds the package again, on every system. */
export function packageFile(title: string): string {
  const plain = title
    .replaceAll(/[\\/:*?"<>|\p{Cc}]+/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim();
  return `${plain.slice(0, 120).trim() || 'course'} (cmi5).zip`;
}
