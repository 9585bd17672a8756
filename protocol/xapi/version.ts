/** The two dialects: 1.0.3 (ADL) and 2.0.0 (IEEE 9274.1.1). Which rules count is what the request's header says. */
export const XAPI_VERSIONS = ['1.0.3', '2.0.0'] as const;
export type XapiVersion = (typeof XAPI_VERSIONS)[number];

export const VERSION_HEADER = 'x-experience-api-version';

/** The dialect that `X-Experience-API-Version` asks for: `1.0`, `1.0.x`, `2.0`, `2.0.x`; null for any other. */
export function versionOf(header: string | undefined): XapiVersion | null {
  if (header === undefined) return null;
  if (/^1\.0(\.\d+)?$/.test(header)) return '1.0.3';
  return /^2\.0(\.\d+)?$/.test(header) ? '2.0.0' : null;
}
