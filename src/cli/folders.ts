/** Where the command line keeps and finds things. XDG Base Directory Specification. */
import os from 'node:os';
import path from 'node:path';
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
  return value !== undefined && path.isAbsolute(value) ? value : path.join(home(), fallback);
}

/** `HOME` where it is a place; else what the system says, or a place that nothing can be written to. */
function home(): string {
  try {
    const stated = os.homedir();
    return path.isAbsolute(stated) ? stated : os.userInfo().homedir;
  } catch {
    return os.devNull;
  }
}
