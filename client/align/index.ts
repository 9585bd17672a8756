/** Markers in camera pictures: read README.md for the map. */
export { findTags, type FoundTags, type TagSighting } from './find-tags.ts';
export { grayOf, type GrayPicture } from './picture.ts';
