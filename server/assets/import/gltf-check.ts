/** The Khronos validator over bytes: never opens another file. */
import { createRequire } from 'node:module';

export interface GltfIssue {
  readonly code: string;
  readonly message: string;
  /** 0 error, 1 warning, 2 information, 3 hint. */
  readonly severity: number;
  readonly pointer?: string;
}
interface Validator {
  validateBytes(bytes: Uint8Array, options: object): Promise<{ issues: { numErrors: number; messages: GltfIssue[] } }>;
}

let validator: Validator | undefined;

/** Errors only. Issues it cannot judge without reading other files are not reported. */
export async function findGltfErrors(bytes: Uint8Array, maxIssues = 100): Promise<GltfIssue[]> {
  validator ??= createRequire(import.meta.url)('gltf-validator') as Validator;
  const report = await validator.validateBytes(bytes, { maxIssues, writeTimestamp: false });
  return report.issues.messages.filter((issue) => issue.severity === 0);
}
