/** A row of pictures; each opens its explanation by the method beside. */
import { useImage } from '../use-image';

interface Props {
  readonly title: string;
  readonly names: readonly string[];
  readonly addresses: Readonly<Record<string, string>>;
  readonly onOpen: (name: string) => void;
}

export function MethodPictures({ title, names, addresses, onOpen }: Props) {
  return (
    <div>
      <h3>{title}</h3>
      <ul class="small-pictures">
        {names.map((name) => (
          <li key={name}>
            <button
              type="button"
              class="plain"
              data-testid="method-picture"
              data-name={name}
              title={`Explain ${name}`}
              onClick={() => onOpen(name)}
            >
              <SmallPicture src={addresses[name] ?? ''} />
              <span>{name}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}

/** Its name stands below it; where the editor draws no such picture, alone. */
function SmallPicture({ src }: { readonly src: string }) {
  const image = useImage(src);
  if (src === '' || image.kind === 'failed') return null;
  return <img src={src} alt="" onLoad={image.onLoad} onError={image.onError} draggable={false} />;
}
