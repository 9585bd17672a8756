import { Outlet } from 'react-router';
import { useSession } from './session.ts';
import { WelcomePage } from './welcome-page.tsx';

/** The door: a stranger sees the welcome at the same address, and after signing in the page they came for. */
export function SignedInOnly() {
  return useSession() ? <Outlet /> : <WelcomePage />;
}
