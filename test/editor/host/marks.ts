/** Marks that the in-host tests and the page leave for each other, as files of one folder. */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export function hostMarks(folder: string) {
  const file = (name: string): string => path.join(folder, `${name}.mark`);
  return {
    clear(): void {
      for (const name of readdirSync(folder).filter((entry) => entry.endsWith('.mark')))
        rmSync(path.join(folder, name));
    },
    leave(name: string, text = ''): void {
      writeFileSync(file(name), text);
    },
    /** The mark's text; undefined while it is not there. */
    read(name: string): string | undefined {
      return existsSync(file(name)) ? readFileSync(file(name), 'utf8') : undefined;
    },
    /** @throws when it never comes */
    async wait(name: string, timeout: number): Promise<void> {
      const deadline = Date.now() + timeout;
      while (!existsSync(file(name))) {
        if (Date.now() > deadline) throw new Error(`The mark ${name} never came.`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
  };
}
