/** What is stated of a checkpoint beside its weights, and what had to be assumed because nothing states it. */
import type { ModelConfig } from './model-config';
import type { StatedArchitecture } from '../../../shared/architecture';
import type { Assumption } from '../../../shared/assumption';

export class ArchitectureFacts {
  private readonly found: Assumption[] = [];

  constructor(
    /** By the person, in the manifest: goes before everything else. */
    readonly stated: StatedArchitecture,
    readonly config: ModelConfig,
    /** Of the checkpoint, for messages. */
    readonly fileName: string,
  ) {}

  get assumed(): readonly Assumption[] {
    return this.found;
  }

  /**
   * @param field which would say it
   * @param setting what that field would state; undefined where nothing it can state is the same
   * @param value for a person
   * @param reason a clause that follows “since”
   */
  assume<Field extends keyof StatedArchitecture>(
    subject: Assumption['subject'],
    field: Field,
    setting: StatedArchitecture[Field],
    value: string,
    reason: string,
  ): void {
    this.found.push({
      subject,
      value,
      reason,
      field: `architecture.${field}`,
      ...(setting !== undefined && { setting }),
    });
  }
}
