export function installWithApt(packages: readonly string[]): void;
