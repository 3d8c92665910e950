/** Text on pictures looks the same everywhere, also on machines without a single font. */
import { existsSync } from 'node:fs';
import path from 'node:path';

/**
 * Adds the shipped font to the ones that sharp finds through fontconfig. Must be called before the
 * first text is drawn; a configuration that the person chose is left alone.
 */
export function provideCaptionFont(): void {
  // The bundle lies in `dist/`, beside `media/`.
  const configuration = path.join(__dirname, '..', 'media', 'fonts', 'fonts.conf');
  if (process.platform === 'linux' && existsSync(configuration))
    process.env.FONTCONFIG_FILE ??= configuration;
}
