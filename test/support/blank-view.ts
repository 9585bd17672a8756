import type { CommentAnchor } from '#protocol/design/index';
import type { CommentId, PartId } from '#protocol/ids';
import { IDENTITY_POSE } from '#protocol/spatial/index';
import { Store } from '../../client/net/store.ts';
import type { Handwork, StepRecording } from '../../client/scene/handwork.types.ts';
import type { RoomView, ToolId, ViewDirection, XrMode } from '../../client/scene/room-view.types.ts';

/** The side of a 3D view that panels see, without 3D: it keeps what it is told and notes what it was asked. */
export class BlankView implements RoomView {
  readonly selection = new Store<ReadonlySet<PartId>>(new Set());
  readonly hovered = new Store<PartId | null>(null);
  readonly tool = new Store<ToolId>('select');
  readonly snap = new Store({ isOn: true, stepM: 0.001, stepRad: Math.PI / 12 });
  readonly xray = new Store(false);
  readonly newComment = new Store<CommentAnchor | null>(null);
  readonly openComment = new Store<CommentId | null>(null);
  readonly measured = new Store<{ distanceM: number; deltaM: readonly [number, number, number] } | null>(null);
  readonly loading = new Store({ total: 0, loaded: 0 });
  readonly dragging = new Store<PartId | null>(null);
  readonly xr = new Store<{ supports: readonly XrMode[]; active: XrMode | null }>({ supports: [], active: null });
  readonly recording = new Store<StepRecording | null>(null);
  /** Nothing is in anybody's hand here. */
  readonly handwork: Handwork = {
    onDrag: () => () => {},
    onFrame: () => () => {},
    poseInRoom: () => IDENTITY_POSE,
    poseInParent: () => IDENTITY_POSE,
    carry: () => {},
    standing: () => null,
    shown: () => [],
    withChildren: (part) => new Set([part]),
  };
  readonly asked: string[] = [];
  /** What a picture waits for, for tests: a large design takes its time. */
  drawn: Promise<void> = Promise.resolve();

  constructor(private readonly canvas: HTMLCanvasElement) {}

  frame(parts: readonly PartId[] = [...this.selection.get()]): void {
    this.asked.push(`frame ${parts.join(' ')}`);
  }
  lookFrom(direction: ViewDirection): void {
    this.asked.push(`look ${direction}`);
  }
  focusComment(id: CommentId): void {
    this.asked.push(`comment ${id}`);
  }
  readonly isAway = new Store(false);
  goTo(participant: number): boolean {
    this.asked.push(`go to ${participant}`);
    this.isAway.set(true);
    return true;
  }
  focusPerson(participant: number): boolean {
    this.asked.push(`person ${participant}`);
    this.isAway.set(true);
    return true;
  }
  back(): void {
    this.asked.push('back');
    this.isAway.set(false);
  }
  setLanguage(language: 'en' | 'zh'): void {
    this.asked.push(`language ${language}`);
  }
  /** A drawing sheet in place of the product. */
  async picture(widthPx: number, heightPx: number): Promise<Blob> {
    await this.drawn;
    const sheet = new OffscreenCanvas(widthPx, heightPx);
    const pen = sheet.getContext('2d')!;
    pen.fillStyle = '#e6eaef';
    pen.fillRect(0, 0, widthPx, heightPx);
    pen.fillStyle = '#8592a1';
    pen.fillRect(widthPx * 0.3, heightPx * 0.3, widthPx * 0.4, heightPx * 0.4);
    return sheet.convertToBlob({ type: 'image/png' });
  }
  async enterXr(mode: XrMode): Promise<void> {
    this.xr.update((xr) => ({ ...xr, active: mode }));
  }
  async exitXr(): Promise<void> {
    this.xr.update((xr) => ({ ...xr, active: null }));
  }
  setTheme(theme: 'light' | 'dark'): void {
    this.canvas.style.background = theme === 'dark' ? '#20262d' : '#e6eaef';
  }
  dispose(): void {
    this.asked.push('dispose');
  }
}
