/** Which buttons go with which failure. */
import type { FailureCode } from '../shared/failure-data';

export type FailureAction =
  'retry' | 'openLog' | 'openSettings' | 'chooseModel' | 'manageModels' | 'chooseMethod';

/** The most helpful button first. */
export const failureActions = {
  'image-unreadable': ['retry', 'openLog'],
  'image-too-large': ['retry'],
  'model-unreadable': ['chooseModel', 'retry', 'openLog'],
  'model-not-a-vit': ['chooseModel', 'openLog'],
  'model-unknown-op': ['chooseModel', 'openLog'],
  'model-quantised': ['chooseModel'],
  'not-finite': ['chooseModel', 'openLog'],
  'model-missing': ['chooseModel', 'manageModels', 'retry'],
  'method-not-applicable': ['chooseMethod', 'chooseModel'],
  'removal-not-applicable': ['chooseModel', 'openLog'],
  'change-not-applicable': ['retry'],
  'class-unknown': ['chooseModel', 'openLog'],
  'labels-mismatch': ['manageModels', 'chooseModel', 'openLog'],
  'provider-unavailable': ['retry', 'openLog'],
  'cache-unwritable': ['retry', 'openLog'],
  'out-of-memory': ['chooseModel', 'chooseMethod', 'retry'],
  'worker-died': ['retry', 'openLog'],
  'platform-unsupported': ['openLog', 'retry'],
  'download-failed': ['retry', 'manageModels', 'openLog'],
  cancelled: ['retry'],
  'setting-invalid': ['openSettings', 'retry', 'openLog'],
  'dataset-unusable': ['openLog'],
  internal: ['retry', 'openLog'],
} as const satisfies Record<FailureCode, readonly FailureAction[]>;

export const failureActionNames: Readonly<Record<FailureAction, string>> = {
  retry: 'Try again',
  openLog: 'Open log',
  openSettings: 'Open settings',
  chooseModel: 'Choose another model',
  manageModels: 'Manage models…',
  chooseMethod: 'Choose another method',
};
