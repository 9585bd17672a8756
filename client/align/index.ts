/** Markers in camera pictures: read README.md for the map. */
export { findTags, type FindTagsOptions, type FoundTags, type TagSighting } from './find-tags.ts';
export { MarkerEye, type Frame, type Seen } from './marker-eye.ts';
export { grayOf, type GrayPicture } from './picture.ts';
