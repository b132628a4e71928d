import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import ts from 'typescript';

/**
 * Compiles a floor that is written in TypeScript for its decorators.
 *
 * @param {string} name of the file in this folder
 * @returns {Promise<string>} where the JavaScript is
 */
export async function compiled(name) {
  const source = await readFile(join(import.meta.dirname, `${name}.ts`), 'utf8');
  const { outputText } = ts.transpileModule(source, {
    fileName: `${name}.ts`,
    compilerOptions: {
      target: ts.ScriptTarget.ES2023,
      module: ts.ModuleKind.ESNext,
      experimentalDecorators: true,
      emitDecoratorMetadata: true,
      useDefineForClassFields: false,
    },
  });
  // Inside bench/, so that its imports find bench/node_modules.
  const folder = resolve(import.meta.dirname, '../.cache');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${name}.mjs`);
  await writeFile(file, outputText);
  return file;
}
