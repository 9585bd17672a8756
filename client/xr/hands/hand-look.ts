/// <reference types="webxr" />
import type { Scene } from '@babylonjs/core/scene.js';
import { ControllerModel } from './controller-model.ts';
import type { Hand } from './hand.ts';
import { HandModel } from './hand-model.ts';

type Model = ControllerModel | HandModel;

/** What the person sees of one own hand: the right model for what is in it, loaded when it appears. */
export class HandLook {
  #source: XRInputSource | null = null;
  #model: Model | null = null;

  constructor(
    private readonly scene: Scene,
    private readonly color: string,
  ) {}

  show(hand: Hand, frame: XRFrame, space: XRReferenceSpace): void {
    if (hand.source !== this.#source) this.#load(hand);
    if (this.#model instanceof HandModel) this.#model.show(hand, frame, space);
    else this.#model?.show(hand.gripInRoom);
  }

  dispose(): void {
    this.#source = null;
    this.#model?.dispose();
    this.#model = null;
  }

  #load(hand: Hand): void {
    this.dispose();
    const { source } = hand;
    if (!source) return;
    this.#source = source;
    const loading: Promise<Model> = hand.isBare
      ? HandModel.load(hand.side, this.scene, this.color)
      : ControllerModel.load(source, this.scene);
    loading.then(
      (model) => {
        if (this.#source === source) this.#model = model;
        else model.dispose();
      },
      // Without a model the hand still works: its ray and its marks are drawn by us.
      (reason: unknown) => console.warn('The picture of a hand could not be loaded.', reason),
    );
  }
}
