/** How models are run, and where what is kept for the next time lies. */
import * as v from 'valibot';
import { providerChoices } from '../provider';
import type { Data } from '../schema';

/** Where and how the worker runs; sent once at its start. */
export const workerSettingsSchema = v.object({
  /** 0: let ONNX Runtime choose. */
  threads: v.number(),
  provider: v.picklist(providerChoices),
  /** Folder for canonical graphs; a cache that cannot be written is reported, never fatal. */
  cacheFolder: v.string(),
  /** Sessions are dropped, least recently used first, above so many bytes. */
  sessionBytes: v.number(),
  /** The process ends itself after so many idle seconds; 0: never. */
  idleSeconds: v.number(),
});

export type WorkerSettings = Data<typeof workerSettingsSchema>;

/** The same without a process. */
export type RoomSettings = Omit<WorkerSettings, 'idleSeconds'>;
