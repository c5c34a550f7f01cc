// The least that a program which reads one YAML file can cost: node, the parser, one parse.
import * as fs from 'node:fs';
import { parseDocument } from './yaml.mjs';

const document = parseDocument(fs.readFileSync(process.argv[2], 'utf8'));
process.stdout.write(`${document.errors.length}\n`);
