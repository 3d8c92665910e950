/** A named check inside the extension host. */
export interface HostTest {
  readonly name: string;
  readonly body: () => Promise<void>;
}
