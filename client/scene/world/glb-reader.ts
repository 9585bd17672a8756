import type { AssetContainer } from '@babylonjs/core/assetContainer.js';
import { LoadAssetContainerAsync } from '@babylonjs/core/Loading/sceneLoader.js';
import { MeshoptCompression } from '@babylonjs/core/Meshes/Compression/meshoptCompression.js';
import type { Scene } from '@babylonjs/core/scene.js';
import '@babylonjs/loaders/glTF/glTFFileLoader.js';
import '@babylonjs/loaders/glTF/2.0/glTFLoader.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/EXT_meshopt_compression.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_mesh_quantization.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_texture_transform.js';
import '@babylonjs/loaders/glTF/2.0/Extensions/KHR_materials_unlit.js';
import meshoptUrl from '@babylonjs/core/assets/meshopt/meshopt_decoder.js?url';

// Babylon's own default is a server on the internet.
MeshoptCompression.Configuration = { decoder: { url: meshoptUrl } };

/** Comes over the line with the first model: a room of parametric parts never needs it. */
export const readGlb = (bytes: Uint8Array, scene: Scene): Promise<AssetContainer> =>
  LoadAssetContainerAsync(bytes, scene, { pluginExtension: '.glb' });
