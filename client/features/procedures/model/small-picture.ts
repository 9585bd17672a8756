/** The hall keeps pictures of at most 2 MiB; what a camera gives is larger, and has more pixels than any panel shows. */
const MAX_SIDE_PX = 1920;
const QUALITY = 0.85;

/** The picture as WebP, no side longer than `MAX_SIDE_PX`. Rejects what the browser cannot read as a picture. */
export async function smallPicture(file: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  try {
    const scale = Math.min(1, MAX_SIDE_PX / Math.max(bitmap.width, bitmap.height));
    const canvas = new OffscreenCanvas(Math.round(bitmap.width * scale), Math.round(bitmap.height * scale));
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: 'image/webp', quality: QUALITY });
  } finally {
    bitmap.close();
  }
}
