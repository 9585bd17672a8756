import { z } from 'zod';
import { Pose } from '../spatial/index.ts';

/** How well a marker's place is known: one standard deviation each. */
export const PlaceSigma = z.strictObject({
  positionM: z.number().min(0).max(1),
  angleRad: z.number().min(0).max(1),
  /** Of its printed size, as a share: a printer that was not checked is off by up to 1 %. */
  sizeShare: z.number().min(0).max(0.1),
});
export type PlaceSigma = z.infer<typeof PlaceSigma>;

/** `36h11/17` for an AprilTag, `qr/…` followed by its text for a QR code. */
export const MarkerCode = z.string().regex(/^(36h11\/\d{1,3}|qr\/[^]{1,400})$/);

export const PlacedMarker = z.strictObject({
  code: MarkerCode,
  /** Edge of the black square (AprilTag) or of the whole code without its quiet zone (QR). */
  sizeM: z.number().min(0.005).max(2),
  /** Origin in its middle, x to the right as one reads it, y up, z out of the sheet. */
  poseInProduct: Pose,
  sigma: PlaceSigma,
});
export type PlacedMarker = z.infer<typeof PlacedMarker>;

/** Where the markers of a station stand on the product (or on the bench that holds it). Kept with the station as JSON. */
export const MarkerMap = z
  .strictObject({
    version: z.literal(1),
    station: z.string().trim().min(1).max(80),
    markers: z.array(PlacedMarker).min(1).max(40),
  })
  .refine(
    ({ markers }) => new Set(markers.map(({ code }) => code)).size === markers.length,
    'a marker stands in one place',
  );
export type MarkerMap = z.infer<typeof MarkerMap>;

/** A sheet glued on with a ruler, printed true to size. */
export const CAREFUL_PLACE: PlaceSigma = { positionM: 0.0005, angleRad: 0.004, sizeShare: 0.001 };
/** Markers beside each other on one printed sheet that lies flat. */
export const SAME_SHEET: PlaceSigma = { positionM: 0.0001, angleRad: 0.001, sizeShare: 0.0005 };
