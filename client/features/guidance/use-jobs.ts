import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { guidance } from './guidance.ts';

/** The line of news is begun again after this long, ms. */
const AGAIN_MS = 3_000;
const KINDS = ['jobs', 'stations', 'job-figures', 'instruction-changes'] as const;

export const useJobs = (project: string) =>
  useQuery({ queryKey: ['jobs', project], queryFn: ({ signal }) => guidance.jobs(project, signal) });
export const usePlans = (project: string) =>
  useQuery({ queryKey: ['job-plans', project], queryFn: ({ signal }) => guidance.plans(project, signal) });
export const useStations = (project: string) =>
  useQuery({ queryKey: ['stations', project], queryFn: ({ signal }) => guidance.stations(project, signal) });
export const useChanges = (project: string) =>
  useQuery({ queryKey: ['instruction-changes', project], queryFn: ({ signal }) => guidance.changes(project, signal) });

/** While somebody looks, everything about the project's jobs is read again whenever one of them moves. */
export function useJobsLive(project: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    const stop = new AbortController();
    const again = () => Promise.all(KINDS.map((kind) => queries.invalidateQueries({ queryKey: [kind, project] })));
    const listen = async () => {
      while (!stop.signal.aborted) {
        try {
          for await (const _ of guidance.moves(project, stop.signal)) await again();
        } catch {
          // The line broke; what is shown stays until it is back.
        }
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      }
    };
    void listen();
    return () => stop.abort();
  }, [project, queries]);
}
