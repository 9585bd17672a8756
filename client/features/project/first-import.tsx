import { Group, Loader, Paper, Text } from '@mantine/core';
import { ImportBar } from './import-bar.tsx';
import type { RunningImport } from './imports.ts';
import css from './project-page.module.css';
import { projectStrings } from './strings.ts';

/** The parts are in, their picture is on its way. */
export const isBeingDrawn = ({ state }: RunningImport): boolean => state.kind === 'done' && state.isDrawing;

/** A project's first file on its way in, in the place of the picture that there will be. */
export function FirstImport({ job }: { job: RunningImport }) {
  const t = projectStrings.useText();
  return (
    <div className={`${css['picture']} ${css['firstImport']}`}>
      <div>
        {isBeingDrawn(job) ? (
          <Paper withBorder p="md" role="status">
            <Group gap="sm" wrap="nowrap" justify="center">
              <Loader size={20} type="oval" />
              <Text size="sm">{t('drawing')}</Text>
            </Group>
          </Paper>
        ) : (
          <ImportBar job={job} />
        )}
      </div>
    </div>
  );
}
