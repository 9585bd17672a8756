import '@babylonjs/core/Shaders/ShadersInclude/instancesDeclaration.js';
import '@babylonjs/core/Shaders/ShadersInclude/instancesVertex.js';
import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { Material, type Material as BabylonMaterial } from '@babylonjs/core/Materials/material.js';
import type { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Scene } from '@babylonjs/core/scene.js';
import type { Material as PartMaterial } from '#protocol/design/index';
import type { SurfaceLibrary } from '../stage/surface.ts';

type Preset = PartMaterial['preset'];

/** By name, because the class itself comes with the model loader and not before. */
const isPbr = (material: BabylonMaterial): material is PBRMaterial => material.getClassName() === 'PBRMaterial';

/** Metalness, roughness and opacity; the part's colour tints them. Metals are kept a little matt, as machined ones are. */
const PRESETS: Record<Preset, { metallic: number; roughness: number; alpha?: number }> = {
  steel: { metallic: 0.92, roughness: 0.36 },
  aluminium: { metallic: 0.85, roughness: 0.46 },
  brass: { metallic: 0.95, roughness: 0.3 },
  rubber: { metallic: 0, roughness: 0.92 },
  plastic: { metallic: 0, roughness: 0.48 },
  paint: { metallic: 0, roughness: 0.28 },
  glass: { metallic: 0, roughness: 0.06, alpha: 0.32 },
  original: { metallic: 0.1, roughness: 0.55 },
};
const GHOST_ALPHA = 0.16;

Effect.ShadersStore['featureEdgeVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
#include<instancesDeclaration>
#ifdef INSTANCESCOLOR
varying vec4 vTint;
#endif
uniform mat4 viewProjection;
void main() {
  #include<instancesVertex>
  gl_Position = viewProjection * finalWorld * vec4(position, 1.0);
  // Towards the eye by a hair, so that an edge is not cut by the faces it joins.
  gl_Position.z -= 0.00002 * gl_Position.w;
  #ifdef INSTANCESCOLOR
  vTint = instanceColor;
  #endif
}`;
// edge: share of the part's colour, opacity.
Effect.ShadersStore['featureEdgeFragmentShader'] = /* glsl */ `
precision highp float;
#ifdef INSTANCESCOLOR
varying vec4 vTint;
#endif
uniform vec2 edge;
void main() {
  vec3 tint = vec3(0.5);
  #ifdef INSTANCESCOLOR
  tint = vTint.rgb;
  #endif
  gl_FragColor = vec4(pow(tint * edge.x, vec3(1.0 / 2.2)), edge.y);
}`;

/** One material per preset and see-through state, made when first needed. */
export class MaterialLibrary {
  readonly #scene: Scene;
  readonly #surfaces: SurfaceLibrary;
  readonly #made = new Map<string, ShaderMaterial>();
  readonly #ghosts = new Map<BabylonMaterial, BabylonMaterial>();
  readonly solidEdge: ShaderMaterial;
  readonly ghostEdge: ShaderMaterial;

  constructor(scene: Scene, surfaces: SurfaceLibrary) {
    this.#scene = scene;
    this.#surfaces = surfaces;
    this.solidEdge = this.#edge('edge', 0.8);
    this.ghostEdge = this.#edge('ghost edge', 0.35);
  }

  setEdgeShade(share: number): void {
    for (const [material, opacity] of [
      [this.solidEdge, 0.8],
      [this.ghostEdge, 0.35],
    ] as const)
      material.setArray2('edge', [share, opacity]);
  }

  preset(preset: Preset, isGhost: boolean): ShaderMaterial {
    const key = `${preset} ${isGhost}`;
    const known = this.#made.get(key);
    if (known) return known;
    const { metallic, roughness, alpha = 1 } = PRESETS[preset];
    const material = this.#surfaces.create(key, { metallic, roughness, opacity: isGhost ? GHOST_ALPHA : alpha });
    this.#made.set(key, material);
    return material;
  }

  /**
   * An imported file's own material. Without textures it is drawn by the hall's surface, which is ten times cheaper;
   * with them by Babylon's.
   */
  original(material: BabylonMaterial | null, isGhost: boolean): BabylonMaterial {
    if (!material) return this.preset('original', isGhost);
    if (!isPbr(material) || material.getActiveTextures().length > 1)
      return isGhost ? this.#ghostOf(material) : material;
    const { r, g, b } = material.albedoColor;
    const [metallic, roughness] = [material.metallic ?? 0, material.roughness ?? 0.6];
    const key = `own ${[r, g, b, metallic, roughness, material.alpha, isGhost].join(' ')}`;
    const known = this.#made.get(key);
    if (known) return known;
    const opacity = isGhost ? GHOST_ALPHA : material.alpha;
    const made = this.#surfaces.create(key, { metallic, roughness, opacity, tint: [r, g, b] });
    this.#made.set(key, made);
    return made;
  }

  /** See-through twin of an imported file's own material. */
  #ghostOf(material: BabylonMaterial): BabylonMaterial {
    const known = this.#ghosts.get(material);
    if (known) return known;
    const ghost = material.clone(`${material.name} ghost`) ?? this.preset('original', true);
    ghost.alpha = GHOST_ALPHA;
    ghost.disableDepthWrite = true;
    ghost.transparencyMode = Material.MATERIAL_ALPHABLEND;
    this.#ghosts.set(material, ghost);
    return ghost;
  }

  #edge(name: string, opacity: number): ShaderMaterial {
    const material = new ShaderMaterial(name, this.#scene, 'featureEdge', {
      attributes: ['position'],
      uniforms: ['world', 'viewProjection', 'edge'],
      needAlphaBlending: true,
    });
    material.setArray2('edge', [0.3, opacity]);
    material.fillMode = Constants.MATERIAL_LineListDrawMode;
    material.disableDepthWrite = true;
    material.backFaceCulling = false;
    return material;
  }
}

const linear = new Map<string, readonly [number, number, number]>();

/** Linear-light components of an sRGB hex colour. */
export function linearColor(hex: string): readonly [number, number, number] {
  let color = linear.get(hex);
  if (!color) {
    const { r, g, b } = Color3.FromHexString(hex).toLinearSpace();
    linear.set(hex, (color = [r, g, b]));
  }
  return color;
}
