/** The table of contents of the pages. Each page is its own chunk; the 3D engine comes with the room alone. */
import '@mantine/core/styles.css';
import '@mantine/dropzone/styles.css';
import '@mantine/notifications/styles.css';
import './ui/theme/global.css';
import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { StrictMode, type ComponentType } from 'react';
import { createRoot } from 'react-dom/client';
import { createBrowserRouter, Outlet, ScrollRestoration } from 'react-router';
import { RouterProvider } from 'react-router/dom';
import { CallBell } from './features/help/call-bell.tsx';
import { SignedInOnly } from './features/session/signed-in-only.tsx';
import { WhoAmIMenu } from './features/session/who-am-i-menu.tsx';
import { BrokenPage } from './ui/layout/broken-page.tsx';
import { NotFoundPage } from './ui/layout/not-found-page.tsx';
import { HeaderEnd } from './ui/layout/page.tsx';
import { NewVersion } from './features/shift/new-version.tsx';
import { beginShell } from './offline/shell.ts';
import { colorSchemes, cssVariables, theme } from './ui/theme/theme.ts';

const page = (load: () => Promise<{ default: ComponentType }>) => async () => ({ Component: (await load()).default });

const router = createBrowserRouter([
  {
    element: <Everywhere />,
    errorElement: <BrokenPage />,
    hydrateFallbackElement: <></>,
    children: [
      {
        element: <SignedInOnly />,
        children: [
          { path: '/', lazy: page(() => import('./features/hall/hall-page.tsx')) },
          { path: '/project/:id', lazy: page(() => import('./features/project/project-page.tsx')) },
          { path: '/brief/:id', lazy: page(() => import('./features/brief/brief-page.tsx')) },
          {
            path: '/project/:id/procedures/:procedure',
            lazy: page(() => import('./features/procedures/procedure-page.tsx')),
          },
          { path: '/project/:id/training/:room', lazy: page(() => import('./features/training/console-page.tsx')) },
          {
            path: '/project/:id/training/:room/:run',
            lazy: page(() => import('./features/training/debrief-page.tsx')),
          },
          { path: '/project/:id/courses/:course', lazy: page(() => import('./features/training/course-page.tsx')) },
          { path: '/project/:id/cmi5', lazy: page(() => import('./features/cmi5/courses-page.tsx')) },
          { path: '/project/:id/cmi5/:course', lazy: page(() => import('./features/cmi5/course-page.tsx')) },
          { path: '/project/:id/experts', lazy: page(() => import('./features/help/experts-page.tsx')) },
          { path: '/jobs/:room/help', lazy: page(() => import('./features/help/desk/desk-page.tsx')) },
          { path: '/project/:id/skills', lazy: page(() => import('./features/credentials/skills-page.tsx')) },
          { path: '/shift', lazy: page(() => import('./features/shift/shift-page.tsx')) },
          { path: '/certificates', lazy: page(() => import('./features/credentials/certificates-page.tsx')) },
          { path: '/join/:token', lazy: page(() => import('./features/project/join-page.tsx')) },
          { path: '/project/:id/jobs', lazy: page(() => import('./features/guidance/jobs-page.tsx')) },
          { path: '/jobs/start', lazy: page(() => import('./features/guidance-room/start-job-page.tsx')) },
          { path: '/room/:id', lazy: page(() => import('./features/room/room-page.tsx')) },
        ],
      },
      // What is published can be read and verified by everybody.
      { path: '/revision/:cid', lazy: page(() => import('./features/revision/revision-page.tsx')) },
      { path: '/token/:id', lazy: page(() => import('./features/revision/revision-page.tsx')) },
      { path: '/credential/:id', lazy: page(() => import('./features/credentials/certificate-page.tsx')) },
      { path: '/record/:cid', lazy: page(() => import('./features/guidance/record-page.tsx')) },
      { path: '/verify-credential', lazy: page(() => import('./features/credentials/verify-page.tsx')) },
      // Learners of an LMS come with what it gave them.
      { path: '/cmi5/:package/:unit', lazy: page(() => import('./features/cmi5/unit-page.tsx')) },
      { path: '*', element: <NotFoundPage /> },
    ],
  },
]);

function Everywhere() {
  return (
    <HeaderEnd value={<WhoAmIMenu />}>
      <ScrollRestoration />
      <CallBell />
      <Outlet />
      <NewVersion />
    </HeaderEnd>
  );
}

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A problem the server explains does not go away by asking again; a lost connection may.
      retry: (count, error) => count < 2 && 'status' in error && error.status === 503,
    },
  },
});

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      colorSchemeManager={colorSchemes}
      defaultColorScheme="auto"
    >
      <QueryClientProvider client={queries}>
        <Notifications position="bottom-center" />
        <RouterProvider router={router} />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);

beginShell();
