/** The pictures of the tiles in sight, asked for as they come into sight. */
import { useEffect, useMemo, useRef } from 'preact/hooks';
import type { Tile, TilePicture } from '../../shared/gallery/tile';
import { mostInSight } from '../../shared/protocol/gallery';

/** Whoever scrolls on would not see what is asked for more often. */
const betweenQuestions = 60;

/**
 * @param shown tiles in sight
 * @param pictures that were told
 * @returns a tile's picture, by the name of its sample; undefined until it is told
 */
export function usePictures(
  shown: readonly Tile[],
  pictures: readonly TilePicture[],
  onSee: (names: readonly string[]) => void,
): (name: string) => TilePicture | undefined {
  const byName = useMemo(() => new Map(pictures.map((one) => [one.name, one])), [pictures]);
  const names = shown.filter(({ ok }) => ok).map(({ name }) => name);
  const lacking = names.some((name) => !byName.has(name));
  const asked = useRef(0);
  const latest = useRef({ names, onSee });
  latest.current = { names, onSee };
  useEffect(() => {
    if (!lacking) return;
    const wait = asked.current + betweenQuestions - performance.now();
    const timer = setTimeout(
      () => {
        asked.current = performance.now();
        const { names: wanted, onSee: ask } = latest.current;
        ask(wanted.slice(0, mostInSight));
      },
      Math.max(0, wait),
    );
    return () => clearTimeout(timer);
  }, [lacking, names.join('\n')]);
  return (name) => byName.get(name);
}
