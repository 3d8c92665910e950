/** The entry of a comparison's page. Wiring only. */
import { isToComparison } from '../shared/protocol/compare';
import { ComparisonApp } from './compare/comparison-app';
import { initialPage, stateToKeep, update } from './compare/comparison-page';
import { connectPage } from './connect-page';
import './compare.css';

connectPage({
  isTold: isToComparison,
  initial: initialPage,
  update,
  toKeep: stateToKeep,
  draw: (model, act) => <ComparisonApp model={model} act={act} />,
});
