import { Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  /** Of the heading, for links and for who reads by ear; one of a kind on its page. */
  readonly id: string;
  readonly title: string;
  /** A word more on what follows. */
  readonly text?: string;
  /** Beside others of its rank on a record, or large on a board. */
  readonly size?: 'h3';
  readonly children: ReactNode;
}

/** A part of a page, named by its heading. */
export function Section({ id, title, text, size, children }: Props) {
  return (
    <section aria-labelledby={id}>
      <Title order={2} id={id} {...(size ? { size } : {})} mb={text ? 4 : size ? 'xs' : 'sm'}>
        {title}
      </Title>
      {text && (
        <Text size="sm" c="dimmed" mb="sm">
          {text}
        </Text>
      )}
      {children}
    </section>
  );
}
