import type { Config } from './config.js';

type FirstKey = { organizationId: string; apiKey: string };

/** What the first start made; a key that Specline chose is shown this once. */
export function announceFirstKey({ organizationId, apiKey }: FirstKey, { bootstrap }: Config): void {
  say(
    `Organization       ${organizationId}`,
    `API key            ${apiKey}${bootstrap.apiKey ? '' : '   (shown only now)'}`,
  );
}

/** Where the service is, and after the first start how to use it. */
export function announceService(address: string, created?: FirstKey): void {
  const url = address.replace('[::]', '[::1]');
  say(`Specline listens on ${url}`, `Reference          ${url}/docs`);
  if (!created) return;
  say(
    '',
    'Try it:',
    `curl -sS -X POST ${url}/v1/organizations/${created.organizationId}/specs \\`,
    `  -H ${quoted(`Authorization: Bearer ${created.apiKey}`)} -H 'Content-Type: text/markdown' \\`,
    `  --data-binary $'# Hello\\n\\n## TLDR\\nMy first spec.\\n'`,
  );
}

const say = (...lines: string[]): void => void process.stdout.write(`${lines.join('\n')}\n`);

/** One word for the shell, whatever it holds. */
const quoted = (text: string): string => `'${text.replaceAll(`'`, `'\\''`)}'`;
