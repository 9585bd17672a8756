/** `scope.key` to what happened and what to do next. Facts are written `{{fact}}`. English comes with the problem. */
export const PROBLEMS_ZH: Readonly<Record<string, readonly [message: string, next?: string]>> = {
  'wallet.missing': ['此浏览器中没有找到钱包。', '请安装钱包后重新加载页面，或使用大厅为您保管的密钥签名。'],
  'wallet.refused': ['您在钱包中拒绝了请求，没有签署任何内容。', '准备好后再试一次。'],
  'wallet.failed': ['钱包报告了一个问题。', '请打开钱包，确认已解锁，然后重试。'],
  'net.unreachable': ['连接不上工作大厅。已保存的内容不会丢失。', '请检查网络连接，然后重试。'],
  'net.unreadable_answer': ['服务器的回复无法识别，页面版本可能已过期。', '请重新加载页面。'],
  'server.unexpected': ['服务器出了点问题。已保存的内容不会丢失。', '请重试；若问题依旧，请把出现的时间告诉管理员。'],
  'http.not_found': ['没有找到。', '请检查链接，或返回大厅。'],
  'http.not_signed_in': ['您尚未登录。', '请输入姓名或用钱包登录。'],
  'http.too_large': ['内容过大。', '请减小文件后重试。'],
  'http.too_many': ['请求过于频繁。', '请稍候再试。'],
  'permissions.not_allowed': ['您的角色（{{role}}）不能执行此操作。', '请向项目所有者申请其他角色。'],
  'permissions.room_closed': ['此房间已停止修改，您仍可以四处查看。', '请在新的修订或提案中继续。'],
  'permissions.part_held': ['有人正在操作这个零件。', '请等对方松手，或与对方沟通。'],
  'design.unknown_op': ['此设计房间不认识该操作。', '请更新客户端。'],
  'design.malformed_op': ['该操作的数据有误，内容未被更改。', '请检查数值后重试。'],
};
