/** A named check inside the extension host. */
export interface HostTest {
  readonly name: string;
  /** Why it cannot run in this version of the editor; undefined where it can. */
  readonly leftOut?: () => string | undefined;
  readonly body: () => Promise<void>;
}
