import { ProceduresApi } from '#net/procedures-api';
import { api } from '../session/index.ts';

/** Drafts, reviews and releases with my session. */
export const procedures = new ProceduresApi(api);
