import { Component, type ErrorInfo, type ReactNode } from 'react';
import { ClosedScreen } from './closed-screen.tsx';
import { roomStrings } from '../strings.ts';
import { problem } from '#protocol/errors';

interface State {
  readonly failed: Error | null;
}

/** A panel that breaks must not take the person's way out with it. The journal is on the server; nothing saved is lost. */
export class RoomErrorBoundary extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: null };

  static getDerivedStateFromError(failed: Error): State {
    return { failed };
  }

  override componentDidCatch(failed: Error, { componentStack }: ErrorInfo): void {
    console.error('The room page stopped working.', failed, componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const said = problem('room', 'page_broke', roomStrings.text('pageBroke'), {
      next: roomStrings.text('pageBrokeNext'),
    });
    return <ClosedScreen problem={said} lost={0} back="/" onAgain={() => this.setState({ failed: null })} />;
  }
}
