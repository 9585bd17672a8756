import css from '../job-screen.module.css';

/** How one of the two is taken: both show it beside how it should look, and hand the file over when it is good. */
export interface TakeProps {
  /** The camera's picture; null: there is none, a file can be chosen. */
  readonly video: HTMLVideoElement | null;
  readonly asItShould: React.ReactNode;
  readonly isSending: boolean;
  readonly onUse: (file: Blob) => void;
  readonly onTrouble: (thrown: unknown) => void;
  /** What stands beside the buttons. */
  readonly children: React.ReactNode;
}

/** The focus is here and on no button: Enter is the pedal's, and goes to the main act. */
export const SideBySide = ({ children }: { readonly children: React.ReactNode }) => (
  <div className={css['sideBySide']} tabIndex={-1} data-autofocus style={{ outline: 'none' }}>
    {children}
  </div>
);
