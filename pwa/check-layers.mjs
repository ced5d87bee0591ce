import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { cruise } from 'dependency-cruiser';
import extractTsConfig from 'dependency-cruiser/config-utl/extract-ts-config';

const rules = createRequire(import.meta.url)('./.dependency-cruiser.cjs');
const folders = ['collect', 'library'].filter((folder) => existsSync(folder));
const { output } = await cruise(
  folders,
  { ...rules.options, ruleSet: { forbidden: rules.forbidden }, validate: true },
  null,
  { tsConfig: extractTsConfig('tsconfig.json') },
);

const read = output.modules.filter((module) => /^collect\/.*\.ts$/.test(module.source));
const joined = read.reduce((sum, module) => sum + module.dependencies.length, 0);
// A version that cannot parse our TypeScript reads nothing and would report success.
if (read.length < 20 || joined < 20) {
  console.error(`Layers were not checked: only ${read.length} modules and ${joined} imports were read.`);
  process.exit(1);
}
for (const { rule, from, to } of output.summary.violations) console.error(`${rule.name}: ${from} → ${to}`);
console.log(`Layers: ${read.length} modules, ${joined} imports, ${output.summary.error} broken.`);
process.exit(output.summary.error === 0 ? 0 : 1);
