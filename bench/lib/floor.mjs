import { fork } from 'node:child_process';
import * as path from 'node:path';
import { BENCH } from './paths.mjs';

export class Floor {
  #child = fork(path.join(BENCH, 'lib/floor-process.mjs'));

  /** How long parsing `text` took, in ms. */
  parse(text) {
    return new Promise((resolve) => {
      this.#child.once('message', resolve);
      this.#child.send(text);
    });
  }

  stop() {
    this.#child.disconnect();
  }
}
