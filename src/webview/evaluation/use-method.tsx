/** Makes a method that of the model, or says that it is. */
import type { ComparedMethods } from '../../shared/evaluation-page/evaluation-state';
import type { FromEvaluation } from '../../shared/protocol/evaluation';

interface Props {
  readonly method: string;
  readonly compared: ComparedMethods;
  readonly say: (message: FromEvaluation) => void;
}

const where = {
  manifest: 'Written into the file beside the model (.vit.json)',
  settings: 'Written into the settings: for every model whose files name none',
};

export function UseMethod({ method, compared, say }: Props) {
  const { methods, methodInUse, keptIn } = compared;
  const name = methods.find(({ id }) => id === method)?.name ?? method;
  const isUsed = method === methodInUse;
  return (
    <div class="use-method" role="status">
      {isUsed ? (
        <p class="quiet" data-testid="method-used">{`${name} is this model’s method.`}</p>
      ) : (
        <button
          type="button"
          class="primary"
          data-testid="use-method"
          title={where[keptIn]}
          onClick={() => say({ kind: 'useMethod', method })}
        >
          {`Use ${name} for this model`}
        </button>
      )}
    </div>
  );
}
