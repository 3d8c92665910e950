import os from 'node:os';
import path from 'node:path';

/** `HOME` where it is a place; else what the system says of the user, or a place that nothing can be written to. */
export function homeFolder(): string {
  try {
    const stated = os.homedir();
    return path.isAbsolute(stated) ? stated : os.userInfo().homedir;
  } catch {
    // The system knows no such user, as in many containers.
    return os.devNull;
  }
}
