/** What the manifest states, each to be changed where that is short, and to be forgotten. */
import type { ManifestChanges } from '../../shared/manifest';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { outputInWords } from '../../shared/output-kind';
import { preprocessingSteps } from '../../shared/preprocessing-steps';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { ArchitectureField } from './architecture-field';
import { factAsText, nameOfFact, type ArchitectureFact } from './architecture-facts';
import { Part } from './part';

interface Props {
  readonly model: ShownModel;
  readonly manifestName: string;
  readonly say: (message: FromModelPage) => void;
}

interface Row {
  readonly field: string;
  readonly name: string;
  readonly value: string;
  /** States it no longer; undefined where that is done in the file alone. */
  readonly forget?: ManifestChanges;
  readonly fact?: ArchitectureFact;
}

export function StatedFacts({ model, manifestName, say }: Props) {
  const rows = rowsOf(model);
  if (rows.length === 0) return null;
  return (
    <Part id="stated" title={`Stated in ${manifestName}`}>
      <dl class="facts">
        {rows.map(({ field, name, value, forget, fact }) => (
          <div key={field} data-testid="stated-fact" data-field={field}>
            <dt>{name}</dt>
            <dd>
              {fact === undefined ? (
                <p>{value}</p>
              ) : (
                <ArchitectureField fact={fact} model={model} say={say} />
              )}
              {forget !== undefined && model.fixed === undefined && (
                <button
                  type="button"
                  class="plain"
                  data-testid={`forget-${field}`}
                  aria-label={`Forget: ${name}`}
                  onClick={() => say({ kind: 'state', changes: forget })}
                >
                  Forget
                </button>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </Part>
  );
}

function rowsOf({ stated, methods, kind }: ShownModel): readonly Row[] {
  const { name, preprocessing, architecture, pictures, labels, output, method, zeroShot } = stated;
  const rows: (Row | false)[] = [
    name !== undefined && { field: 'name', name: 'Name', value: name, forget: { name: null } },
    preprocessing !== undefined && {
      field: 'preprocessing',
      name: 'Preparation',
      value: preprocessingSteps(preprocessing),
      forget: { preprocessing: null },
    },
    pictures !== undefined && {
      field: 'pictures',
      name: 'Reading pictures',
      value: JSON.stringify(pictures),
      forget: { pictures: null },
    },
    labels !== undefined && {
      field: 'labels',
      name: 'Class names',
      value: typeof labels === 'string' ? labels : `${labels.length} names`,
      forget: { labels: null },
    },
    output !== undefined && {
      field: 'output',
      name: 'Output',
      value: outputInWords(output),
      forget: { output: null },
    },
    method !== undefined && {
      field: 'method',
      name: 'Method',
      value: methods.find(({ id }) => id === method)?.name ?? method,
      forget: { method: null },
    },
    zeroShot !== undefined && {
      field: 'zeroShot',
      name: 'Comparing phrases',
      value: JSON.stringify(zeroShot),
    },
  ];
  const facts = Object.keys(architecture ?? {}) as ArchitectureFact[];
  return [
    ...rows.filter((row) => row !== false),
    ...facts.map((fact): Row => {
      const { [fact]: value, ...others } = architecture ?? {};
      const isLast = Object.keys(others).length === 0;
      return {
        field: `architecture.${fact}`,
        name: nameOfFact(fact),
        value: factAsText(value),
        forget: { architecture: isLast ? null : others },
        // Of an ONNX file the graph tells it.
        ...(kind === 'checkpoint' && { fact }),
      };
    }),
  ];
}
