import { defineStrings } from '../../ui/strings/define-strings.ts';

const en = {
  title: 'Rendered work station',
  hint: 'Look: drag. Move: W A S D, Q E, wheel. Click a part to take it, the product to put it on.',
  view: 'Look at',
  product: 'Product',
  left: 'Left',
  right: 'Right',
  behind: 'Behind',
  cards: 'Kit cards',
  order: 'Order card',
  panel: 'Control panel',
  tool: 'Use: {{tool}}',
  used: '{{tool}}: {{value}}',
  wrongTorque: 'The next torque is wrong',
  wrongPart: 'A wrong part lies in the kit',
  otherOrder: 'Another order',
} as const;
const zh: Record<keyof typeof en, string> = {
  title: '虚拟工位',
  hint: '拖动转动视线，W A S D、Q E、滚轮移动。点击零件拿起，点击产品装上。',
  view: '查看',
  product: '产品',
  left: '左侧',
  right: '右侧',
  behind: '背面',
  cards: '料卡',
  order: '工单卡',
  panel: '控制柜',
  tool: '使用：{{tool}}',
  used: '{{tool}}：{{value}}',
  wrongTorque: '下一次扭矩有误',
  wrongPart: '料盒中有错件',
  otherOrder: '换一张工单',
};

export const workstationStrings = defineStrings('workstation', { en, zh });
