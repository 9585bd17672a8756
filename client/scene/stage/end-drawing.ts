import type { Scene } from '@babylonjs/core/scene.js';

/** A table that does not come within this is not waited for, ms. */
const TABLE_LIMIT_MS = 60_000;
const LOOK_EVERY_MS = 50;

/**
 * Ends a scene and its engine. Babylon makes its table of reflections with the first surface and decodes it some frames
 * later, on a timer that nobody else reaches, and throws when the engine has gone by then. So whoever leaves at once waits
 * for the table, unseen.
 */
export function endDrawing(scene: Scene): void {
  const engine = scene.getEngine();
  engine.stopRenderLoop();
  const table = scene.environmentBRDFTexture;
  // A first surface that still comes finds a table and makes none; nobody looks at it any more.
  if (!table && scene.environmentTexture) scene.environmentBRDFTexture = scene.environmentTexture;
  const limitMs = performance.now() + TABLE_LIMIT_MS;
  const end = (): void => {
    if (table && !table.isReady() && performance.now() < limitMs) {
      setTimeout(end, LOOK_EVERY_MS);
      return;
    }
    scene.dispose();
    engine.dispose();
  };
  end();
}
