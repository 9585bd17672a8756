export { Jobs, type Job, type JobContext, type JobState } from './jobs.ts';
