/** The picture of a whole explanation, for whoever cannot open a panel. */
import type { WorkerCalls } from '../../shared/worker-protocol';
import { contactSheet } from '../pictures/contact-sheet';

/** @throws Failure `image-unreadable`, `image-too-large` */
export async function contactSheetCall({
  image,
  result,
  signed,
}: WorkerCalls['contactSheet']['params']): Promise<WorkerCalls['contactSheet']['result']> {
  return { png: await contactSheet(image, result, signed) };
}
