import { Constants } from '@babylonjs/core/Engines/constants.js';
import { Effect } from '@babylonjs/core/Materials/effect.js';
import { ShaderMaterial } from '@babylonjs/core/Materials/shaderMaterial.js';
import type { BaseTexture } from '@babylonjs/core/Materials/Textures/baseTexture.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Vector4 } from '@babylonjs/core/Maths/math.vector.js';
import { Mesh } from '@babylonjs/core/Meshes/mesh.js';
import { VertexData } from '@babylonjs/core/Meshes/mesh.vertexData.js';
import type { Scene } from '@babylonjs/core/scene.js';

/** Marks of the hand and boards to read keep their exact sRGB colours: no light, no tone mapping. */
Effect.ShadersStore['xrPlainVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
uniform mat4 world;
uniform mat4 viewProjection;
varying float vAlong;
void main() {
  vAlong = -position.z;
  gl_Position = viewProjection * world * vec4(position, 1.0);
}`;
Effect.ShadersStore['xrPlainFragmentShader'] = /* glsl */ `
precision highp float;
varying float vAlong;
uniform vec4 tint;
uniform vec2 fade;
void main() {
  float t = clamp(vAlong, 0.0, 1.0);
  gl_FragColor = vec4(tint.rgb, tint.a * mix(fade.x, fade.y, t));
}`;
Effect.ShadersStore['xrPictureVertexShader'] = /* glsl */ `
precision highp float;
attribute vec3 position;
attribute vec2 uv;
uniform mat4 world;
uniform mat4 viewProjection;
varying vec2 vUv;
void main() {
  vUv = uv;
  gl_Position = viewProjection * world * vec4(position, 1.0);
}`;
Effect.ShadersStore['xrPictureFragmentShader'] = /* glsl */ `
precision highp float;
varying vec2 vUv;
uniform sampler2D picture;
uniform float opacity;
uniform float cut;
void main() {
  vec4 color = texture2D(picture, vUv);
  if (color.a * opacity < cut) discard;
  gl_FragColor = vec4(color.rgb, color.a * opacity);
}`;

/** One colour; `setFade(a, b)` fades it along the mesh's -Z from 0 to 1. */
export class PlainMaterial {
  readonly material: ShaderMaterial;
  readonly #tint = new Vector4(1, 1, 1, 1);

  constructor(scene: Scene, name: string, color: string, alpha = 1) {
    this.material = new ShaderMaterial(name, scene, 'xrPlain', {
      attributes: ['position'],
      uniforms: ['world', 'viewProjection', 'tint', 'fade'],
      needAlphaBlending: true,
    });
    this.material.backFaceCulling = false;
    this.material.disableDepthWrite = true;
    this.setFade(1, 1);
    this.setColor(color, alpha);
  }

  setColor(color: string, alpha = 1): void {
    const { r, g, b } = Color3.FromHexString(color);
    this.material.setVector4('tint', this.#tint.set(r, g, b, alpha));
  }

  setFade(from: number, to: number): void {
    this.material.setArray2('fade', [from, to]);
  }
}

/**
 * `isSolid`: hides what is behind it, as a board does; its rounded corners are cut out. Else it is blended over what was
 * drawn before.
 */
export function pictureMaterial(scene: Scene, name: string, texture: BaseTexture, isSolid: boolean): ShaderMaterial {
  const material = new ShaderMaterial(name, scene, 'xrPicture', {
    attributes: ['position', 'uv'],
    uniforms: ['world', 'viewProjection', 'opacity', 'cut'],
    samplers: ['picture'],
    needAlphaBlending: !isSolid,
    needAlphaTesting: isSolid,
  });
  material.setTexture('picture', texture);
  material.setFloat('opacity', 1);
  material.setFloat('cut', isSolid ? 0.5 : 0.004);
  material.backFaceCulling = false;
  material.alphaMode = Constants.ALPHA_COMBINE;
  return material;
}

/** A mesh of our own that nothing picks and nothing culls. */
export function bareMesh(
  scene: Scene,
  name: string,
  data: { positions: ArrayLike<number>; indices: ArrayLike<number>; uvs?: ArrayLike<number> },
): Mesh {
  const mesh = new Mesh(name, scene);
  const vertices = new VertexData();
  vertices.positions = Float32Array.from(data.positions);
  vertices.indices = Uint32Array.from(data.indices);
  if (data.uvs) vertices.uvs = Float32Array.from(data.uvs);
  vertices.applyToMesh(mesh, true);
  mesh.isPickable = false;
  mesh.alwaysSelectAsActiveMesh = true;
  return mesh;
}

/** Upright picture of this size, metres, centred, facing +Z. */
export function quad(scene: Scene, name: string, widthM: number, heightM: number): Mesh {
  const [x, y] = [widthM / 2, heightM / 2];
  return bareMesh(scene, name, {
    positions: [-x, -y, 0, x, -y, 0, x, y, 0, -x, y, 0],
    uvs: [0, 0, 1, 0, 1, 1, 0, 1],
    indices: [0, 1, 2, 0, 2, 3],
  });
}
