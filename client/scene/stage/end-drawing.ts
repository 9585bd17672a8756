import type { Scene } from '@babylonjs/core/scene.js';

/** A table that does not come within this is not waited for, ms. */
const TABLE_LIMIT_MS = 5000;
const LOOK_EVERY_MS = 50;

/**
 * Ends a scene and its engine. Babylon decodes the table of reflections some frames after the first surface, on a timer
 * that nobody else reaches, and throws when the engine has gone by then: whoever leaves at once waits for it, unseen.
 */
export function endDrawing(scene: Scene): void {
  const engine = scene.getEngine();
  engine.stopRenderLoop();
  const limitMs = performance.now() + TABLE_LIMIT_MS;
  const end = (): void => {
    const table = scene.environmentBRDFTexture;
    if (table && !table.isReady() && performance.now() < limitMs) {
      setTimeout(end, LOOK_EVERY_MS);
      return;
    }
    scene.dispose();
    engine.dispose();
  };
  end();
}
