/// <reference types="webxr" />
import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { PBRMaterial } from '@babylonjs/core/Materials/PBR/pbrMaterial.js';
import { Color3 } from '@babylonjs/core/Maths/math.color.js';
import { Quaternion } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import type { Hand, Side } from './hand.ts';
import { PROFILES_URL } from './controller-model.ts';

/** A bare hand: the mesh of the generic-hand profile, whose 25 bones are named as the joints of WebXR. */
export class HandModel {
  readonly #container: AssetContainer;
  readonly #joints: { readonly name: XRHandJoint; readonly node: TransformNode }[] = [];
  readonly #root: TransformNode;

  private constructor(container: AssetContainer, scene: Scene, color: string) {
    this.#container = container;
    this.#root = new TransformNode('bare hand', scene);
    container.addAllToScene();
    for (const node of container.rootNodes) node.parent = this.#root;
    const skin = new PBRMaterial('bare hand', scene);
    skin.albedoColor = Color3.Lerp(Color3.FromHexString(color).toLinearSpace(), new Color3(0.62, 0.63, 0.65), 0.72);
    skin.metallic = 0;
    skin.roughness = 0.72;
    for (const mesh of container.meshes) {
      mesh.material = skin;
      mesh.isPickable = false;
      mesh.alwaysSelectAsActiveMesh = true;
    }
    for (const node of container.transformNodes) {
      node.rotationQuaternion ??= Quaternion.FromEulerVector(node.rotation);
      if (/^(wrist|thumb|index|middle|ring|pinky)/.test(node.name))
        this.#joints.push({ name: node.name as XRHandJoint, node });
    }
  }

  static async load(side: Side, scene: Scene, color: string): Promise<HandModel> {
    return new HandModel(
      await LoadAssetContainerAsync(`${PROFILES_URL}/generic-hand/${side}.glb`, scene),
      scene,
      color,
    );
  }

  show(hand: Hand, frame: XRFrame, space: XRReferenceSpace): void {
    const isSeen = hand.isBare && hand.isTracked;
    this.#root.setEnabled(isSeen);
    if (!isSeen) return;
    for (const { name, node } of this.#joints) {
      const pose = hand.joint(frame, space, name);
      if (!pose) continue;
      node.position.set(...pose.position);
      node.rotationQuaternion!.set(...pose.rotation);
    }
  }

  dispose(): void {
    this.#container.dispose();
    this.#root.dispose();
  }
}
