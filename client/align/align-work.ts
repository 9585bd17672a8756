import type { Camera, Pixel } from '#protocol/alignment/camera';
import type { Sighting } from '#protocol/alignment/sighting';

/** What the page asks of the worker. The picture's bytes are handed over, not copied. */
export interface LookRequest {
  readonly kind: 'look';
  readonly number: number;
  readonly widthPx: number;
  readonly heightPx: number;
  /** RGBA of a canvas, or grey. */
  readonly pixels: ArrayBuffer;
  readonly isGray: boolean;
  readonly camera: Camera | null;
  /** Codes take their own reader (0.95 MB) and some 20 ms more. */
  readonly withCodes: boolean;
}

/** What the worker answers, one answer for each request and in their order. */
export type LookAnswer =
  | {
      readonly kind: 'seen';
      readonly number: number;
      readonly tags: readonly Sighting[];
      readonly partlyHidden: readonly string[];
      readonly codes: readonly {
        format: 'qr' | 'datamatrix';
        text: string;
        /** Upper left, then clockwise as one reads it; to a pixel or two. */
        cornersPx: readonly Pixel[];
        sighting: Sighting | null;
      }[];
      readonly tookMs: number;
    }
  | { readonly kind: 'failed'; readonly number: number; readonly message: string };
