// What `nest build` does with nest-cli.json, without @nestjs/cli, whose dependencies want a newer Node than we support:
// tsc with the @nestjs/swagger transformer. `--if-stale` builds only when a source is newer than the last build.
import { chmodSync, cpSync, existsSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import ts from 'typescript';
import { before as swagger } from '@nestjs/swagger/plugin';

const { compilerOptions } = JSON.parse(readFileSync('nest-cli.json', 'utf8'));
const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (problem) => fail([problem]) };
const config = ts.getParsedCommandLineOfConfigFile(compilerOptions.tsConfigPath, {}, host);
const stamp = `${config.options.outDir}/.built`;
const inputs = [
  ...config.fileNames,
  ...compilerOptions.assets.map((asset) => `src/${asset}`),
  'nest-cli.json',
  'scripts/build.mjs',
  'package-lock.json',
  'tsconfig.json',
  'tsconfig.build.json',
];

if (!process.argv.includes('--if-stale') || isStale()) {
  const program = ts.createProgram({ rootNames: config.fileNames, options: config.options });
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length) fail(problems);
  rmSync(config.options.outDir, { recursive: true, force: true });
  const { name, options } = compilerOptions.plugins[0];
  if (name !== '@nestjs/swagger') throw new Error(`nest-cli.json names the unknown plugin ${name}`);
  program.emit(undefined, undefined, undefined, undefined, { before: [swagger(options, program)] });
  for (const asset of compilerOptions.assets) cpSync(`src/${asset}`, `${config.options.outDir}/src/${asset}`);
  // npx makes a program executable when it links it, once: what is built anew must be so by itself.
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  for (const program of Object.values(bin)) chmodSync(program, 0o755);
  writeFileSync(stamp, config.fileNames.join('\n'));
}

function isStale() {
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== config.fileNames.join('\n')) return true;
  const built = statSync(stamp).mtimeMs;
  return inputs.some((file) => existsSync(file) && statSync(file).mtimeMs > built);
}

function fail(problems) {
  const format = {
    getCanonicalFileName: (file) => file,
    getCurrentDirectory: ts.sys.getCurrentDirectory,
    getNewLine: () => '\n',
  };
  console.error(ts.formatDiagnosticsWithColorAndContext(problems, format));
  process.exit(1);
}
