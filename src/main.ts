// Loading everything takes a second: a signal that comes meanwhile is to end us as it does later.
const ending = new AbortController();
// npm passes on a Ctrl-C that the terminal has sent us already: a second signal asks for nothing new.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

const { serve } = await import('./serve.js');
process.exit(await serve(ending.signal));
