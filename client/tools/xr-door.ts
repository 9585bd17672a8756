import { pastOf } from '../net/past-session.ts';
import { Store } from '../net/store.ts';
import type { Avatars } from '../scene/avatars/avatars.ts';
import type { StepRecording } from '../scene/handwork.types.ts';
import type { Outline } from '../scene/outline.ts';
import type { Overlay } from '../scene/overlay.ts';
import type { RoomView, XrMode } from '../scene/room-view.types.ts';
import type { Floor } from '../scene/stage/floor.ts';
import type { VoiceSwitch } from '../voice/index.ts';
import type { XrStay } from '../xr/xr-stay.ts';
import type { Commands } from './commands.ts';
import { DragSession } from './drag-session.ts';
import type { Workbench } from './tool.types.ts';

interface Things {
  readonly bench: Workbench;
  readonly floor: Floor;
  readonly avatars: Avatars;
  readonly commands: Commands;
  readonly outline: Outline;
  readonly overlay: Overlay;
  /** Goes beside the next of the others, and after the last one back. */
  readonly visitNext: () => void;
  readonly voice: VoiceSwitch | null;
  readonly recording: Store<StepRecording | null>;
}

/** The way into the headset. Everything behind it is loaded when somebody goes through. */
export class XrDoor {
  readonly state = new Store<ReturnType<RoomView['xr']['get']>>({ supports: [], active: null });
  readonly #things: Things;
  #stay: XrStay | null = null;

  constructor(things: Things) {
    this.#things = things;
    void this.#look();
  }

  async enter(mode: XrMode): Promise<void> {
    if (this.#stay) return;
    const { bench, floor, commands, outline, overlay } = this.#things;
    const { XrStay } = await import('../xr/xr-stay.ts');
    this.#stay = await XrStay.begin(mode, {
      ...{
        stage: bench.stage,
        world: bench.world,
        session: bench.session,
        selection: bench.selection,
        snap: bench.snap,
      },
      ...{ hovered: bench.hovered, floor, commands, languages: bench.languages },
      get language() {
        return bench.language;
      },
      heads: () => this.#things.avatars.heads(),
      visitNext: this.#things.visitNext,
      voice: this.#things.voice,
      recording: this.#things.recording,
      past: pastOf(bench.session),
      drag: (parts, onRefused) => new DragSession(bench, parts, onRefused),
      onEnd: () => this.#over(),
    });
    outline.isVisible = false;
    overlay.root.hidden = true;
    this.state.update(({ supports }) => ({ supports, active: mode }));
  }

  async exit(): Promise<void> {
    await this.#stay?.end();
  }

  /** The running stay, for tests. */
  get stay(): XrStay | null {
    return this.#stay;
  }

  dispose(): void {
    void this.#stay?.end();
  }

  async #look(): Promise<void> {
    // `npm run dev` emulates by default; elsewhere one asks for it in the address.
    const isAsked = new URLSearchParams(location.search).get('xr') === 'emulate';
    if (isAsked || (import.meta.env['VITE_EMULATE_HEADSET'] === '1' && !navigator.xr)) {
      const { installEmulator } = await import('../xr/emulator.ts');
      const xrDevice = installEmulator();
      const test = (window as { __workhall?: object }).__workhall;
      if (test) Object.assign(test, { xrDevice });
    }
    const { xr } = navigator;
    if (!xr) return;
    const modes: XrMode[] = ['immersive-vr', 'immersive-ar'];
    const answers = await Promise.all(modes.map((mode) => xr.isSessionSupported(mode).catch(() => false)));
    this.state.update(({ active }) => ({ active, supports: modes.filter((_, i) => answers[i]) }));
  }

  #over(): void {
    this.#stay = null;
    const { outline, overlay, bench, floor } = this.#things;
    outline.isVisible = floor.isVisible = true;
    overlay.root.hidden = false;
    this.state.update(({ supports }) => ({ supports, active: null }));
    bench.stage.invalidate();
  }
}
