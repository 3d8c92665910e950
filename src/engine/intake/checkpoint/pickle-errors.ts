/** What is wrong with a pickle, for a person. */
import { EngineError } from '../../engine-error';

export class PickleErrors {
  constructor(private readonly fileName: string) {}

  damaged(reason: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `The pickle in “${this.fileName}” is damaged: ${reason}.`,
      'Download or save the file again.',
    );
  }

  tooMuch(what: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `The pickle in “${this.fileName}” ${what}, far beyond what weights are saved with.`,
      'Save the weights alone, with torch.save(model.state_dict(), …) or as safetensors.',
    );
  }

  harmful(name: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `“${this.fileName}” would call “${name}” when Python opens it: it holds more than weights, and was probably made to do harm. Code from a model file is never run here, so nothing happened.`,
      'Do not open it with torch.load either. Take the weights from a source that you trust, as safetensors.',
    );
  }

  refused(what: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `“${this.fileName}” holds more than weights: ${what}. Code from a model file is never run, so it was not read.`,
      'Save the weights alone, with torch.save(model.state_dict(), …) or as safetensors.',
    );
  }
}
