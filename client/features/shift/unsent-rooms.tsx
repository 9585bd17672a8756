import { Alert, Anchor } from '@mantine/core';
import { IconCloudUpload } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'react-router';
import { waitingRooms } from '#net/outbox.indexeddb';
import { api, useMe } from '../session/index.ts';
import { shiftStrings } from './strings.ts';

/** Rooms of mine that this device still has something to say to: entering one sends it. */
export function UnsentRooms() {
  const t = shiftStrings.useText();
  const { id } = useMe();
  const { data } = useQuery({
    queryKey: ['unsent rooms', id],
    queryFn: async () => {
      const rooms = await waitingRooms(id);
      // Out of reach, or not for me any more: a room without its name.
      const titled = rooms.map(async ({ room, count }) => ({
        room,
        count,
        title: await api.room(room).then(
          (info) => info.title || t('aRoom'),
          () => t('aRoom'),
        ),
      }));
      return Promise.all(titled);
    },
    staleTime: 0,
  });
  if (!data || data.length === 0) return null;
  const count = data.reduce((sum, one) => sum + one.count, 0);
  return (
    <Alert mb="md" icon={<IconCloudUpload aria-hidden />} title={t('unsentRooms', { count })}>
      {data.map(({ room, title, count: waiting }) => (
        <div key={room}>
          <Anchor component={Link} to={`/room/${room}`}>
            {t('unsentIn', { title, count: waiting })}
          </Anchor>
        </div>
      ))}
    </Alert>
  );
}
