import { useQuery } from '@tanstack/react-query';
import { useEffect } from 'react';
import { noticeProblem } from '../../../ui/index.ts';
import { InviteDialog } from '../../project/invite-dialog.tsx';
import { useRoom } from '../room-context.tsx';

/** The project's invitation, opened from inside its room. */
export function Invite({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { api, info } = useRoom();
  const project = useQuery({
    queryKey: ['project', info.project],
    queryFn: ({ signal }) => api.project(info.project!, signal),
    enabled: isOpen && info.project !== null,
  });
  useEffect(() => {
    if (!isOpen || !project.error) return;
    noticeProblem(project.error);
    onClose();
  }, [isOpen, project.error, onClose]);
  return project.data ? <InviteDialog project={project.data} isOpen={isOpen} onClose={onClose} /> : null;
}
