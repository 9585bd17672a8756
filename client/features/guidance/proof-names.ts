export interface ProofNames {
  readonly record: string;
  readonly journal: string;
}

/** Names that need no quotes in a command line, whatever stands in the serial number. */
export function proofFiles(serial: string): ProofNames {
  const plain = serial.replaceAll(/[^\w.]+/g, '-');
  return { record: `as-built-${plain}.json`, journal: `journal-${plain}.cbor` };
}

/** What judges the two again where they lie. */
export const jobLine = ({ record, journal }: ProofNames): string => `npx workhall job ${record} --journal ${journal}`;
