export { api, keepMe, keepSession, keepSessionOfTab, session, useMe, useSession, type Session } from './session.ts';
export { AssignedCourses } from './assigned-courses.tsx';
export { WantedReviews } from './wanted-reviews.tsx';
export { WantedSignatures } from './wanted-signatures.tsx';
export { signTypedData, walletAddress, walletOfBrowser } from './wallet.ts';
