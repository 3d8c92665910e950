/** The methods the engine has, in the order to offer them. */
import { methods as catalogue } from '../engine/methods/catalogue';
import type { MethodInfo } from '../shared/explanation';

export function methods(): Promise<readonly MethodInfo[]> {
  return Promise.resolve(catalogue.map(({ info }) => info));
}
