/** Places that a network leads to: nobody but the person may have such a host asked for anything. */

/** Shares (`//host/share`) and what Windows calls devices (`//?/UNC/host`, `/??/UNC/host`). */
export function isOnNetwork(path: string): boolean {
  return /^(?:[\\/]{2}|[\\/]\?\?[\\/])/.test(path);
}
