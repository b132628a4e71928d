/** Why the service cannot start, or not go on, in one line for whoever started it. */
export class StartError extends Error {
  override readonly name = 'StartError';

  constructor(message: string) {
    super(message.trim().replaceAll(/\s*\n\s*/g, '; '));
  }
}

/** What the system says with a code only. */
const inWords: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'it ended the connection',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the name of its host cannot be resolved',
  EHOSTUNREACH: 'there is no way to its host',
  ENETUNREACH: 'there is no way to its host',
  ETIMEDOUT: 'it does not answer',
};

/** What went wrong with a database, naming the server and not the password. */
export function databaseProblem(error: unknown, databaseUrl: string): StartError {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const said = inWords[code] ?? message.replace(/^timeout expired$/, 'it does not answer');
  return new StartError(`The database ${placeOf(databaseUrl)} cannot be used: ${said || code}`);
}

/** Whether PostgreSQL said no, or the connection to it was lost: nothing that a stack would explain. */
export function isOfDatabase(error: unknown): boolean {
  const { code = '', severity, message } = error as NodeJS.ErrnoException & { severity?: string };
  return severity !== undefined || code in inWords || /^Connection terminated/.test(message);
}

function placeOf(databaseUrl: string): string {
  if (!URL.canParse(databaseUrl)) return 'of DATABASE_URL';
  const { host, pathname, username } = new URL(databaseUrl);
  return `${username ? `${username}@` : ''}${host}${pathname}`;
}
