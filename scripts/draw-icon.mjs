// Draws media/icon.png from media/icon.svg.
import sharp from 'sharp';

await sharp('media/icon.svg', { density: 288 })
  .resize(256, 256)
  .png({ compressionLevel: 9 })
  .toFile('media/icon.png');
