// The product's own copy of the parser, not that of a peer.
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ROOT } from './paths.mjs';

export const { parseDocument } = createRequire(path.join(ROOT, 'package.json'))('yaml');
