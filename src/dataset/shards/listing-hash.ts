import { hash } from 'node:crypto';

const modulus = 1n << 256n;

/**
 * What tells one listing from another, in whatever order its samples come: the sum of the SHA-256 of
 * each sample's name and label, modulo 2^256. So the sums of all shards make that of the listing.
 */
export class ListingHash {
  private sum = 0n;

  add({ name, label }: { readonly name: string; readonly label?: string | undefined }): void {
    const one = hash('sha256', JSON.stringify([name, label ?? null]));
    this.sum = (this.sum + BigInt(`0x${one}`)) % modulus;
  }

  /** Hexadecimal, 64 digits. */
  get value(): string {
    return this.sum.toString(16).padStart(64, '0');
  }
}

export function listingHash(samples: Iterable<Parameters<ListingHash['add']>[0]>): string {
  const listing = new ListingHash();
  for (const sample of samples) listing.add(sample);
  return listing.value;
}
