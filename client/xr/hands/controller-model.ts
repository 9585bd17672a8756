/// <reference types="webxr" />
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { Quaternion, Vector3 } from '@babylonjs/core/Maths/math.vector.js';
import { TransformNode } from '@babylonjs/core/Meshes/transformNode.js';
import type { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import { fetchProfile, MotionController } from '@webxr-input-profiles/motion-controllers';
import type { Pose } from '#protocol/spatial/index';

/** Profiles and models that the server hands out itself (profile-files.vite.ts). */
export const PROFILES_URL = '/xr/profiles';
const FALLBACK_PROFILE = 'generic-trigger-squeeze-thumbstick';

interface Moving {
  readonly node: TransformNode;
  readonly from: TransformNode | null;
  readonly to: TransformNode | null;
  readonly value: () => number | boolean;
}

/** The controller as the person holds it, its buttons and stick moving with the fingers. */
export class ControllerModel {
  readonly #controller: MotionController;
  readonly #root: TransformNode;
  readonly #container: AssetContainer;
  readonly #moving: Moving[] = [];

  private constructor(controller: MotionController, container: AssetContainer, scene: Scene) {
    this.#controller = controller;
    this.#container = container;
    this.#root = new TransformNode('controller', scene);
    this.#root.rotationQuaternion = Quaternion.Identity();
    container.addAllToScene();
    for (const node of container.rootNodes) node.parent = this.#root;
    for (const mesh of container.meshes) {
      mesh.isPickable = false;
      mesh.alwaysSelectAsActiveMesh = true;
    }
    const named = (name: string | undefined) =>
      [...container.transformNodes, ...container.meshes].find((node) => node.name === name) ?? null;
    for (const { visualResponses } of Object.values(controller.components))
      for (const response of Object.values(visualResponses)) {
        const node = named(response.valueNodeName);
        if (node)
          this.#moving.push({
            node,
            from: named(response.minNodeName),
            to: named(response.maxNodeName),
            value: () => response.value,
          });
      }
  }

  /** Rejects when no model fits or it cannot be read; the hand then shows only its ray. */
  static async load(source: XRInputSource, scene: Scene): Promise<ControllerModel> {
    const { profile, assetPath } = await fetchProfile(source, PROFILES_URL, FALLBACK_PROFILE);
    if (!assetPath) throw new Error(`the controller profile has no model for the ${source.handedness} hand`);
    const controller = new MotionController(source, profile, assetPath);
    return new ControllerModel(controller, await LoadAssetContainerAsync(assetPath, scene), scene);
  }

  show(gripInRoom: Pose | null): void {
    this.#root.setEnabled(gripInRoom !== null);
    if (!gripInRoom) return;
    this.#root.position.set(...gripInRoom.position);
    this.#root.rotationQuaternion!.set(...gripInRoom.rotation);
    this.#controller.updateFromGamepad();
    for (const { node, from, to, value } of this.#moving) {
      const now = value();
      if (typeof now === 'boolean') node.setEnabled(now);
      else if (from && to) {
        node.rotationQuaternion ??= Quaternion.Identity();
        Quaternion.SlerpToRef(turnOf(from), turnOf(to), now, node.rotationQuaternion);
        Vector3.LerpToRef(from.position, to.position, now, node.position);
      }
    }
  }

  dispose(): void {
    this.#container.dispose();
    this.#root.dispose();
  }
}

const turnOf = (node: TransformNode): Quaternion =>
  (node.rotationQuaternion ??= Quaternion.FromEulerVector(node.rotation));
