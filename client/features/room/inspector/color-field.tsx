import { ColorInput, type ColorInputProps } from '@mantine/core';

/** A colour as six hexadecimal digits, with the palette behind it. */
export function ColorField(props: ColorInputProps) {
  return <ColorInput mt={10} size="xs" format="hex" popoverProps={{ withinPortal: true }} {...props} />;
}
