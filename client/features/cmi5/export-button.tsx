import { Button } from '@mantine/core';
import { IconPackageExport } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { isLocalOnly, noticeDone, noticeProblem } from '../../ui/index.ts';
import { exportCourse } from './export-course.ts';
import { cmi5Strings } from './strings.ts';

interface Props {
  readonly project: string;
  readonly course: string;
  readonly title: string;
  /** Among other courses it names its own. */
  readonly isNamed?: boolean;
}

/** A course of ours for the platforms of others. */
export function ExportCourse({ project, course, title, isNamed = false }: Props) {
  const t = cmi5Strings.useText();
  const queries = useQueryClient();
  const [isBusy, setBusy] = useState(false);
  const make = () => {
    setBusy(true);
    exportCourse(project, course, title)
      .then((name) => {
        noticeDone(t(isLocalOnly() ? 'packagedLocalOnly' : 'packaged', { name }));
        return queries.invalidateQueries({ queryKey: ['cmi5 packages', project] });
      })
      .catch(noticeProblem)
      .finally(() => setBusy(false));
  };
  return (
    <Button
      variant="default"
      loading={isBusy}
      leftSection={<IconPackageExport size={18} stroke={1.7} aria-hidden />}
      onClick={make}
    >
      {isNamed ? t('makePackage', { title }) : t('exportCourse')}
    </Button>
  );
}
