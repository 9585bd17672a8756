import type { Language } from '../xr-ground.types.ts';

const en = {
  undo: 'Undo',
  redo: 'Redo',
  duplicate: 'Duplicate',
  delete: 'Delete',
  hide: 'Hide',
  box: 'Box',
  cylinder: 'Cylinder',
  plate: 'Plate',
  comment: 'Comment',
  leave: 'Leave VR',
  leaveAr: 'Leave AR',
  snap: 'Snap',
  swapHands: 'Swap hands',
  back: 'Back',
  speak: 'Speak',
  mute: 'Mute',
  noMicrophone: 'The microphone cannot be used here',
  alone: 'Only you here',
  others: (names: readonly string[]) =>
    names.length > 2 ? `${names.slice(0, 1).join(', ')} +${names.length - 1}` : names.join(', '),
  presets: ['Check the fit', 'Too thin', 'Collides here', 'Looks good'],
  pointAtFace: 'Point at a face and press',
  selectFirst: 'Select a part first',
  commented: 'Comment pinned',
  notCommented: 'You cannot comment here now',
};

const zh: typeof en = {
  undo: '撤销',
  redo: '重做',
  duplicate: '复制',
  delete: '删除',
  hide: '隐藏',
  box: '长方体',
  cylinder: '圆柱',
  plate: '孔板',
  comment: '批注',
  leave: '退出 VR',
  leaveAr: '退出 AR',
  snap: '吸附',
  swapHands: '换手',
  back: '返回',
  speak: '发言',
  mute: '静音',
  noMicrophone: '此处无法使用麦克风',
  alone: '这里只有你',
  others: (names) => (names.length > 2 ? `${names[0]} 等 ${names.length} 人` : names.join('、')),
  presets: ['请检查配合', '壁厚不够', '此处干涉', '看起来不错'],
  pointAtFace: '指向一个面并按下',
  selectFirst: '请先选择零件',
  commented: '批注已添加',
  notCommented: '此处现在不能批注',
};

export const WORDS: Record<Language, typeof en> = { en, zh };
export type Words = typeof en;
