import '@babylonjs/core/Shaders/ShadersInclude/instancesDeclaration.js';
import '@babylonjs/core/Shaders/ShadersInclude/instancesVertex.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import { Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import type { Scene } from '@babylonjs/core/scene.js';
import { HALL_LEVEL_SCALE, HALL_SIZE } from './hall-light.ts';

/**
 * The one surface of parts and people: metalness and roughness, lit by the hall's prefiltered light and one key lamp.
 * Split-sum reflection in its analytic form (Karis, "Physically Based Shading on Mobile", 2014), GGX for the key lamp,
 * Khronos PBR Neutral tone mapping.
 *
 * Babylon's PBRMaterial was tried first: the same picture, but 1.0 s instead of 0.1 s of processor per frame on a
 * software renderer, and shaders that take ten times as long to compile. Textured imports still use it.
 */
Effect.ShadersStore['hallSurfaceVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec3 normal;
#ifdef VERTEXCOLOR
attribute vec4 color;
#endif
#include<instancesDeclaration>
uniform mat4 viewProjection;
uniform vec3 tint;
varying vec3 vRoom;
varying vec3 vNormal;
varying vec3 vTint;
void main() {
  #include<instancesVertex>
  vec4 room = finalWorld * vec4(position, 1.0);
  vRoom = room.xyz;
  vNormal = mat3(finalWorld) * normal;
  vTint = tint;
  #ifdef INSTANCESCOLOR
  vTint *= instanceColor.rgb;
  #endif
  #ifdef VERTEXCOLOR
  vTint *= color.rgb;
  #endif
  gl_Position = viewProjection * room;
}`;
// look: metalness, roughness, opacity, level of the reflection. light: strength of the hall, of the key lamp.
Effect.ShadersStore['hallSurfaceFragmentShader'] = /* glsl */ `
precision highp float;
varying vec3 vRoom;
varying vec3 vNormal;
varying vec3 vTint;
uniform vec3 cameraPosition;
uniform vec3 toKey;
uniform vec4 look;
uniform vec2 light;
uniform float fading;
uniform samplerCube hall;
vec3 toneMapped(vec3 c) {
  float low = min(c.r, min(c.g, c.b));
  float offset = low < 0.08 ? low - 6.25 * low * low : 0.04;
  c -= offset;
  float peak = max(c.r, max(c.g, c.b));
  if (peak < 0.76) return c;
  float pressed = 1.0 - 0.0576 / (peak + 0.24 - 0.76);
  c *= pressed / peak;
  float grey = 1.0 - 1.0 / (0.15 * (peak - pressed) + 1.0);
  return mix(c, vec3(pressed), grey);
}
void main() {
  vec3 toEye = normalize(cameraPosition - vRoom);
  vec3 n = normalize(vNormal);
  float facing = dot(n, toEye);
  if (facing < 0.0) { n = -n; facing = -facing; }
  facing = max(facing, 0.02);
  float rough = look.y;
  vec3 reflected = reflect(-toEye, n);
  vec3 around = textureLod(hall, n, 5.0).rgb * light.x;
  vec3 mirrored = textureLod(hall, reflected, look.w).rgb * light.x;
  vec3 f0 = mix(vec3(0.04), vTint, look.x);
  vec4 r = rough * vec4(-1.0, -0.0275, -0.572, 0.022) + vec4(1.0, 0.0425, 1.04, -0.04);
  float a004 = min(r.x * r.x, exp2(-9.28 * facing)) * r.x + r.y;
  vec2 split = vec2(-1.04, 1.04) * a004 + r.zw;
  vec3 matt = vTint * (1.0 - look.x);
  vec3 sheen = f0 * split.x + split.y;
  vec3 color = matt * around + sheen * mirrored;
  float lit = max(dot(n, toKey), 0.0);
  vec3 halfway = normalize(toKey + toEye);
  float nh = max(dot(n, halfway), 0.0);
  float lh = max(dot(toKey, halfway), 0.0);
  float a = max(rough * rough, 0.03);
  float d = nh * nh * (a * a - 1.0) + 1.0;
  float highlight = a * a / (d * d * max(lh * lh, 0.1) * (rough * 4.0 + 2.0)) * 0.3183;
  color += (matt * 0.3183 + f0 * min(highlight, 4.0)) * lit * light.y;
  gl_FragColor = vec4(pow(toneMapped(color), vec3(1.0 / 2.2)), look.z * fading);
}`;

export interface SurfaceLook {
  readonly metallic: number;
  readonly roughness: number;
  /** Below 1 it is blended and writes no depth. */
  readonly opacity: number;
  /** Linear colour that multiplies instance and vertex colours. */
  readonly tint?: readonly [number, number, number];
}

/** Surfaces of a scene; they all follow the theme's light. The scene disposes them. */
export class SurfaceLibrary {
  readonly #scene: Scene;
  readonly #hall: BaseTexture | null;
  readonly #made: ShaderMaterial[] = [];
  #light: readonly [hall: number, key: number] = [1, 1];

  constructor(scene: Scene) {
    this.#scene = scene;
    this.#hall = scene.environmentTexture;
  }

  create(name: string, { metallic, roughness, opacity, tint = [1, 1, 1] }: SurfaceLook): ShaderMaterial {
    const isBlended = opacity < 1;
    const material = new ShaderMaterial(name, this.#scene, 'hallSurface', {
      attributes: ['position', 'normal'],
      uniforms: ['world', 'viewProjection', 'cameraPosition', 'tint', 'toKey', 'look', 'light', 'fading'],
      samplers: ['hall'],
      needAlphaBlending: isBlended,
    });
    material.alpha = opacity;
    material.backFaceCulling = false;
    material.disableDepthWrite = isBlended;
    material.zOffset = 1;
    material.zOffsetUnits = 1;
    const level = Math.max(0, HALL_LEVEL_SCALE * Math.log2(HALL_SIZE * Math.max(roughness * roughness, 1 / HALL_SIZE)));
    material.setArray4('look', [metallic, roughness, opacity, level]);
    material.setArray3('tint', [...tint]);
    material.setFloat('fading', 1);
    material.setVector3('toKey', TO_KEY);
    // A scene without a screen has no light to look at.
    if (this.#hall) material.setTexture('hall', this.#hall);
    material.setArray2('light', [...this.#light]);
    this.#made.push(material);
    return material;
  }

  setLight(hall: number, key: number): void {
    this.#light = [hall, key];
    for (const material of this.#made) material.setArray2('light', [hall, key]);
  }

  forget(material: ShaderMaterial): void {
    const at = this.#made.indexOf(material);
    if (at >= 0) this.#made.splice(at, 1);
    material.dispose();
  }
}

/** The key lamp hangs in front, above, to the right. */
export const TO_KEY = new Vector3(0.45, 1, 0.55).normalize();

const FADES = new WeakMap<ShaderMaterial, number>();

/** Lets a surface that was made opaque fade; 1 is opaque again. */
export function fade(material: ShaderMaterial, opacity: number): void {
  const rounded = Math.round(opacity * 50) / 50;
  if ((FADES.get(material) ?? 1) === rounded) return;
  FADES.set(material, rounded);
  material.alpha = rounded;
  material.setFloat('fading', rounded);
}
