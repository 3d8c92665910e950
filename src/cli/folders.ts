/** Where the command line keeps and finds things. XDG Base Directory Specification. */
import path from 'node:path';
import { homeFolder } from '../engine/files/home-folder';
import type { ModelFolders } from '../store/model-folders';

const appName = 'vit-explainer';

/** Canonical graphs; may be deleted at any time. */
export function cacheFolder(): string {
  return path.join(base('XDG_CACHE_HOME', '.cache'), appName);
}

export function modelFolders(): ModelFolders & { readonly downloads: string } {
  return {
    // The bundle lies in `dist/`, beside `models/`.
    starterFolder: path.join(__dirname, '..', 'models', 'starter'),
    downloads: path.join(base('XDG_DATA_HOME', '.local/share'), appName, 'models'),
  };
}

/** A relative path in the variable is to be ignored, says the specification. */
function base(variable: string, fallback: string): string {
  const value = process.env[variable];
  return value !== undefined && path.isAbsolute(value) ? value : path.join(homeFolder(), fallback);
}
