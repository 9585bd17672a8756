export { api, keepMe, keepSession, session, useMe, useSession, type Session } from './session.ts';
export { signTypedData, walletAddress, walletOfBrowser } from './wallet.ts';
