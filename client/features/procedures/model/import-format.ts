/** What a file is, by what stands in it; null: nothing that is known here. */
export function formatOf(file: unknown): 'workhall' | 'vr-builder' | 'arlem-activity' | 'arlem-workplace' | null {
  if (typeof file !== 'object' || file === null) return null;
  if ('chapters' in file && 'workplace' in file) return 'workhall';
  if ('$serializerVersion' in file || 'Process' in file || '$type' in file) return 'vr-builder';
  if ('start' in file || 'actions' in file) return 'arlem-activity';
  if ('origin' in file || 'things' in file) return 'arlem-workplace';
  return null;
}
