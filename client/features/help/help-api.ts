import { HelpApi } from '#net/help-api';
import { api } from '../session/index.ts';

/** Apart from what a room needs: the bell on every page asks the hall with it. */
export const helpApi = new HelpApi(api);
