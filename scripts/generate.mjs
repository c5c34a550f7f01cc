// Writes what the sources need and nobody should write by hand: the catalogue as one module, the list of rules.
import { generateCatalogue } from './catalogue.mjs';
import { generateRules } from './rules.mjs';

await generateCatalogue();
await generateRules();
