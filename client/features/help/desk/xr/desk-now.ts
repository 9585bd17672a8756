interface Choice {
  readonly value: string;
  readonly label: string;
}

/** The job and the call as the plates in the headset show them. */
export interface DeskNow {
  /** I was called and the call goes on: I mark and speak. */
  readonly isExpert: boolean;
  /** Names of those who work on the job. */
  readonly crew: readonly string[];
  /** Steps that go on now. */
  readonly running: readonly Choice[];
  /** What keeps them until somebody decides, in words. */
  readonly held: readonly string[];
  readonly things: readonly Choice[];
  readonly isRecording: boolean;
  readonly hasAgreed: boolean;
  /** Names of others who have agreed: while I have not, they wait for me. */
  readonly wishRecording: readonly string[];
}
