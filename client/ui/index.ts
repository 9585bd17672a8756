/** What pages and panels build from. */
export * from './components/asset-picture.tsx';
export * from './components/cid-text.tsx';
export * from './components/countdown.tsx';
export * from './components/empty-state.tsx';
export * from './components/logo.tsx';
export * from './components/notices.tsx';
export * from './components/person-dot.tsx';
export * from './components/problem-notice.tsx';
export * from './components/status-badge.tsx';
export * from './components/wait.tsx';
export * from './layout/page.tsx';
export * from './strings/define-strings.ts';
export * from './strings/language.ts';
export * from './strings/problem-text.ts';
export * from './strings/quantities.ts';
export * from './strings/role-name.ts';
export * from './strings/strings.ts';
