import { Button, Code, CopyButton, Group } from '@mantine/core';
import { shared } from '../../ui/index.ts';

/** A command to copy into a terminal; long ones wrap, so that nothing of them is hidden. */
export function CommandLine({ command, isReady }: { readonly command: string; readonly isReady: boolean }) {
  const words = shared.useText();
  return (
    <Group gap="xs" wrap="nowrap" align="flex-start">
      <Code
        block
        style={{ flex: 1, minWidth: 0, whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}
        bg="var(--wh-surface-sunken)"
      >
        {command}
      </Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Button variant="default" onClick={copy} disabled={!isReady}>
            {copied ? words('copied') : words('copy')}
          </Button>
        )}
      </CopyButton>
    </Group>
  );
}
