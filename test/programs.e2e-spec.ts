import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { bin } = JSON.parse(readFileSync('package.json', 'utf8')) as { bin: Record<string, string> };

// npx links the programs of the package it is run in once, and then starts whatever the last build put there.
test.each(Object.entries(bin))('%s can be started as it was built', (name, file) => {
  expect(execFileSync(`./${file}`, ['--help'], { encoding: 'utf8' })).toContain(name);
});
