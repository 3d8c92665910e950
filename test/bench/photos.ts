/** Photographs for benches that work through many: the sample photographs, each in a size of its own. */
import path from 'node:path';
import sharp from 'sharp';

export interface Photo {
  readonly path: string;
  readonly name: string;
  /** Which sample photograph it is. */
  readonly label: string;
}

const labels = ['another-dog', 'building', 'cat', 'dog', 'meal', 'person', 'pizza'];

/** About as large as photographs of data sets are: 500 pixels a side. */
export async function writePhotos(folder: string, count: number): Promise<Photo[]> {
  const photos: Photo[] = [];
  for (let index = 0; index < count; index++) {
    const label = labels[index % labels.length] ?? '';
    const file = path.join(folder, `${index}.jpg`);
    await sharp(path.join('media/samples', `${label}.jpg`))
      .resize(500 + index, 375 + index, { fit: 'fill' })
      .jpeg({ quality: 90 })
      .toFile(file);
    photos.push({ path: file, name: path.basename(file), label });
  }
  return photos;
}
