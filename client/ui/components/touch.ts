import { useMediaQuery } from '@mantine/hooks';

/** Whether the person points with a finger: texts then say “tap”, and nothing can be dragged in from a desktop. */
export const useTouch = (): boolean => useMediaQuery('(pointer: coarse)', false, { getInitialValueInEffect: false });
