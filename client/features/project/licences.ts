/** Licences that fit designs, software and hardware, by SPDX identifier; any other SPDX expression can be typed. */
export const LICENCES = [
  'CERN-OHL-P-2.0',
  'CERN-OHL-W-2.0',
  'CERN-OHL-S-2.0',
  'CC-BY-4.0',
  'CC-BY-SA-4.0',
  'CC-BY-NC-4.0',
  'CC0-1.0',
  'Apache-2.0',
  'MIT',
  'TAPR-OHL-1.0',
  'SHL-2.1',
] as const;
