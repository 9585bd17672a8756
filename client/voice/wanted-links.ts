import type { Mic, VoiceWay } from '#protocol/room/index';

export interface WantedLinks {
  /** Sessions to which I keep a connection of my own. */
  readonly peers: ReadonlySet<string>;
  /** Whether I keep one to the hall's forwarder. */
  readonly hall: boolean;
}

/**
 * Which connections the way of a room asks of me. Two people of whom neither has a microphone need none: in a room in
 * which nobody speaks nothing is opened, and nobody learns anybody's address.
 */
export function wantedLinks(me: string, members: ReadonlyMap<string, Mic>, way: VoiceWay): WantedLinks {
  const mine = members.get(me);
  if (mine === undefined) return { peers: new Set(), hall: false };
  const others = [...members].filter(([session]) => session !== me);
  const peers =
    way === 'forwarded'
      ? []
      : others.filter(([, mic]) => mine !== 'none' || mic !== 'none').map(([session]) => session);
  const hasMicrophone = [...members.values()].some((mic) => mic !== 'none');
  return { peers: new Set(peers), hall: way !== 'mesh' && hasMicrophone };
}

/** By which way I hear a person: while both are open, the one that was there before, until it is given up or fails. */
export function heardBy(way: VoiceWay, isPeerConnected: boolean, isHallConnected: boolean): 'peer' | 'hall' {
  switch (way) {
    case 'mesh':
      return 'peer';
    case 'forwarded':
      return 'hall';
    case 'to-forwarded':
      return isPeerConnected ? 'peer' : 'hall';
    case 'to-mesh':
      return isHallConnected ? 'hall' : 'peer';
  }
}
