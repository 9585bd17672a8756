import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import type { Scene } from '@babylonjs/core/scene.js';

// Marks that no light falls on: gizmos, rays, name tags. `fill` is sRGB with opacity.
Effect.ShadersStore['plainVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec2 uv;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec2 vUV;
void main() { vUV = uv; gl_Position = viewProjection * world * vec4(position, 1.0); }`;
Effect.ShadersStore['plainFragmentShader'] = /* glsl */ `
precision highp float;
varying vec2 vUV;
uniform vec4 fill;
#ifdef PAINTED
uniform sampler2D paint;
#endif
void main() {
  vec4 color = fill;
  #ifdef PAINTED
  color *= texture2D(paint, vUV);
  #endif
  gl_FragColor = color;
}`;

/** A flat colour, or a picture when `paint` is given. Always blended, so that it can fade. */
export function createPlain(
  scene: Scene,
  name: string,
  color: string,
  opacity: number,
  paint?: BaseTexture,
): ShaderMaterial {
  const material = new ShaderMaterial(name, scene, 'plain', {
    attributes: ['position', 'uv'],
    uniforms: ['world', 'viewProjection', 'fill'],
    samplers: paint ? ['paint'] : [],
    defines: paint ? ['#define PAINTED'] : [],
    needAlphaBlending: true,
  });
  if (paint) material.setTexture('paint', paint);
  material.backFaceCulling = false;
  material.disableDepthWrite = paint !== undefined;
  fillPlain(material, color, opacity);
  return material;
}

export function fillPlain(material: ShaderMaterial, color: string, opacity: number): void {
  const { r, g, b } = Color3.FromHexString(color);
  material.setArray4('fill', [r, g, b, opacity]);
}
