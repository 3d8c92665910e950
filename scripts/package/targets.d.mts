/** By platform as VS Code names it: the size in megabytes (1e6 bytes) that its package stays below. */
export const targets: Readonly<Record<string, { readonly mostMegabytes: number }>>;
export const ownTarget: string;
export function packageFile(repository: string, target: string): string;
