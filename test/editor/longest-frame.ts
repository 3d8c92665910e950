/** The longest time between two frames until the element is marked as measured, in milliseconds. Runs in the page. */
export async function longestFrame(tiles: Element): Promise<number> {
  let longestSoFar = 0;
  let last = performance.now();
  while (!tiles.hasAttribute('data-measured')) {
    await new Promise((resolve) => requestAnimationFrame(resolve));
    const now = performance.now();
    longestSoFar = Math.max(longestSoFar, now - last);
    last = now;
  }
  return longestSoFar;
}
