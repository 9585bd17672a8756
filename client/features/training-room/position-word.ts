/** Names that machines give the positions of their controls. Others are shown as they are. */
const ZH: Readonly<Record<string, string>> = {
  on: '开',
  off: '关',
  open: '开',
  closed: '关',
  locked: '锁定',
  pressed: '按下',
  released: '弹起',
  loaded: '装入',
  empty: '空',
  normal: '正常',
  test: '测试',
  up: '上',
  down: '下',
};

export const positionWord = (position: string, language: string): string =>
  (language.startsWith('zh') ? ZH[position] : undefined) ?? position.replaceAll(/[-_]/g, ' ');
