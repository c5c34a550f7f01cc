// Writes what the sources need and nobody should write by hand: the catalogue as one module, the list of rules, and
// the documents that repeat the rules.
import { generateCatalogue } from './catalogue.mjs';
import { generateGrammar } from './compose-volumes.mjs';
import { generateDocs } from './docs.mjs';
import { generateLosses } from './reports.mjs';
import { generateRules } from './rules.mjs';

await generateCatalogue();
await generateRules();
await generateDocs();
await generateLosses();
generateGrammar();
