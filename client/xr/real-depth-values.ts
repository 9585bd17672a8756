/// <reference types="webxr" />

/** What a device tells of depth, as metres; 0 where it knows nothing. Sixteen-bit values come low byte first (WebXR Depth Sensing 4.2). */
export function metresOf(
  data: ArrayBuffer | ArrayBufferView,
  format: XRDepthDataFormat,
  rawToM: number,
): Float32Array<ArrayBuffer> {
  const [buffer, offset, bytes] = ArrayBuffer.isView(data)
    ? [data.buffer, data.byteOffset, data.byteLength]
    : [data, 0, data.byteLength];
  if (format === 'float32')
    return Float32Array.from(new Float32Array(buffer, offset, bytes / 4), (raw) => raw * rawToM);
  return Float32Array.from(new Uint16Array(buffer, offset, bytes / 2), (raw) => raw * rawToM);
}
