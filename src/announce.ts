import type { Config } from './config.js';

/** Tells whoever started the service where it is, and on the first start how to use it. */
export function announce(
  address: string,
  { bootstrap }: Config,
  created?: { organizationId: string; apiKey: string },
): void {
  const url = address.replace('[::1]', '127.0.0.1').replace('0.0.0.0', '127.0.0.1');
  const lines = [`Specline listens on ${url}`, `Reference          ${url}/docs`];
  if (created) {
    const { organizationId, apiKey } = created;
    lines.push(
      `Organization       ${organizationId}`,
      `API key            ${apiKey}${bootstrap.apiKey ? '' : '   (shown only now)'}`,
      '',
      'Try it:',
      `curl -sS -X POST ${url}/v1/organizations/${organizationId}/specs \\`,
      `  -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: text/markdown' \\`,
      `  --data-binary $'# Hello\\n\\n## TLDR\\nMy first spec.\\n'`,
    );
  }
  process.stdout.write(`${lines.join('\n')}\n`);
}
