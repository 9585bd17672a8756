export { RatingDialog } from './rating-dialog.tsx';
export { StartSubmissionDialog } from './start-submission-dialog.tsx';
