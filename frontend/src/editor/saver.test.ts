import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Api } from '../core/api';
import type { ServerRef } from './drafts';
import type { Change } from './model';
import { Saver, type Report, type Status } from './saver';
import { Store } from './store';

/** A small real server that keeps designs as ours does: revisions, If-Match, idempotency keys. */
class Municipality {
  designs = new Map<string, { revision: number; body: Record<string, unknown> }>();
  keys = new Map<string, string>();
  sessions = 0;
  requests: string[] = [];
  /** Answers for the next requests that write: a status, 'cut' to take the request in and drop the line, 'half' to drop it halfway the answer. */
  trouble: (number | 'cut' | 'half')[] = [];
  private server!: Server;
  private port = 0;

  async start(): Promise<string> {
    this.server = createServer((request, response) => void this.handle(request, response));
    await new Promise<void>((done) => this.server.listen(this.port, '127.0.0.1', done));
    this.port = (this.server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.port}/api`;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  private async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const body = parts.length ? (JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>) : {};
    this.requests.push(`${request.method} ${request.url}`);
    const answer = (status: number, value: unknown, headers: Record<string, string> = {}) =>
      response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(value));
    if (request.url === '/api/session') return void (this.sessions++, answer(201, { csrf_token: 'once' }));
    const write = request.method !== 'GET';
    if (write && request.headers['x-csrf-token'] !== 'once') return void answer(401, { title: 'geen sessie' });
    const trouble = write ? this.trouble.shift() : undefined;
    if (typeof trouble === 'number') return void answer(trouble, problem(trouble), { 'Retry-After': '0' });
    const [status, id] = this.store(request, body);
    if (trouble === 'cut') return void request.socket.destroy();
    if (trouble === 'half') {
      response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': '1000' }).write('{"type": "Fea');
      return void setTimeout(() => request.socket.destroy(), 20);
    }
    const design = this.designs.get(id);
    if (!design) return void answer(status, { title: 'weg' });
    answer(status, { type: 'Feature', id, geometry: null, properties: design.body, changes: design.body.changes }, { ETag: `"${design.revision}"` });
  }

  private store(request: IncomingMessage, body: Record<string, unknown>): [number, string] {
    const id = /designs\/(.+)$/.exec(request.url ?? '')?.[1];
    if (request.method === 'GET') return [this.designs.has(id ?? '') ? 200 : 404, id ?? ''];
    if (request.method === 'PUT') {
      const design = this.designs.get(id ?? '');
      if (!design) return [404, ''];
      if (request.headers['if-match'] !== `"${design.revision}"`) return [412, id!];
      this.designs.set(id!, { revision: design.revision + 1, body });
      return [200, id!];
    }
    const key = String(request.headers['idempotency-key']);
    const known = this.keys.get(key);
    if (known) return [201, known];
    const made = `ontwerp-${this.designs.size + 1}`;
    this.keys.set(key, made);
    this.designs.set(made, { revision: 1, body });
    return [201, made];
  }

  titleOf = (id: string) => this.designs.get(id)?.body.title;
  treesIn = (id: string) => (this.designs.get(id)?.body.changes as { features: unknown[] }).features.length;
}

const problem = (status: number) =>
  status === 422 ? { title: 'fout', errors: [{ pointer: '/changes/features/0/geometry', message: 'Buiten het gebied.' }] } : { title: 'even niet' };

let office: Municipality;
let base: string;

beforeEach(async () => {
  office = new Municipality();
  base = await office.start();
});
afterEach(() => office.stop());

const tree = (key: string): Change => ({
  key, action: 'add', kind: 'tree_small', object: null, objectKind: null, geometry: { type: 'Point', coordinates: [24.9, 60.1] }, rotation: 0, width: null,
});

/** One browser tab: a drawing and its saver. */
function tab(server: Partial<ServerRef> = {}) {
  const store = new Store();
  const reports: Report[] = [];
  let saver: Saver | null = null;
  const made = new Saver({
    api: new Api(base, 'nl'), assignment: 'straat', untitled: 'Mijn ontwerp', remixOf: null, savedRevision: 0, wait: 5, pause: 20,
    server: { id: null, etag: null, idempotencyKey: crypto.randomUUID(), attempted: false, status: 'draft', ...server },
    work: () => store.state, onReport: (report) => reports.push(report),
  });
  saver = made;
  store.subscribe((state, before) => state.revision !== before.revision && saver?.changed());
  const until = (status: Status, count = 1): Promise<void> =>
    new Promise((done, fail) => {
      const started = Date.now();
      const look = () => {
        if (reports.filter((report) => report.status === status).length >= count) return done();
        if (Date.now() - started > 4000) return fail(new Error(`no ${status} in ${reports.map((r) => r.status).join()}`));
        setTimeout(look, 5);
      };
      look();
    });
  return { store, saver: made, reports, until, draw: (key: string) => store.dispatch({ type: 'add', change: tree(key) }) };
}

describe('saving a drawing', () => {
  it('starts one session and makes one design, then updates it', async () => {
    const mine = tab();
    mine.draw('a');
    await mine.until('saved');
    mine.draw('b');
    await mine.until('saved', 2);
    expect(office.designs.size).toBe(1);
    expect(office.sessions).toBe(1);
    expect(office.treesIn('ontwerp-1')).toBe(2);
    expect(office.requests.filter((r) => r.startsWith('PUT'))).toHaveLength(1);
  });

  it('does not trouble the server with an empty drawing', async () => {
    const mine = tab();
    mine.store.dispatch({ type: 'text', title: 'Groen', story: '' });
    await new Promise((done) => setTimeout(done, 40));
    expect(office.requests).toEqual([]);
  });

  it.each(['cut', 'half'] as const)('makes one design when the answer to the first save is %s, and keeps what was drawn since', async (lost) => {
    const mine = tab();
    office.trouble = [lost];
    mine.draw('a');
    await mine.until('offline');
    mine.draw('b');
    await mine.until('saved', 2);
    expect(office.designs.size).toBe(1);
    expect(office.treesIn('ontwerp-1')).toBe(2);
    expect(mine.saver.dirty).toBe(false);
  });

  it('says there is no connection and saves by itself once the server is back', async () => {
    const mine = tab();
    mine.draw('a');
    await mine.until('saved');
    await office.stop();
    mine.draw('b');
    await mine.until('offline');
    await office.start();
    mine.saver.retry();
    await mine.until('saved', 2);
    expect(office.treesIn('ontwerp-1')).toBe(2);
  });

  it('waits and tries again when the server is busy', async () => {
    const mine = tab();
    office.trouble = [429, 503];
    mine.draw('a');
    await mine.until('saved');
    expect(mine.reports.map((r) => r.status)).toContain('busy');
  });

  it('replaces a session that is over', async () => {
    const mine = tab();
    mine.draw('a');
    await mine.until('saved');
    office.trouble = [401];
    mine.draw('b');
    await mine.until('saved', 2);
    expect(office.sessions).toBe(2);
  });

  it('shows every problem and tries again only after the next act', async () => {
    const mine = tab();
    office.trouble = [422];
    mine.draw('a');
    await mine.until('invalid');
    expect(mine.saver.report.problems[0]!.message).toBe('Buiten het gebied.');
    const asked = office.requests.length;
    await new Promise((done) => setTimeout(done, 60));
    expect(office.requests).toHaveLength(asked);
    mine.draw('b');
    await mine.until('saved');
  });

  it('saves a submitted design only when asked to, as one new version', async () => {
    const first = tab();
    first.draw('a');
    await first.until('saved');
    const again = tab({ id: 'ontwerp-1', etag: '"1"', status: 'submitted' });
    again.draw('b');
    await new Promise((done) => setTimeout(done, 40));
    expect(again.saver.report.status).toBe('local');
    await again.saver.flush();
    expect(office.designs.get('ontwerp-1')!.revision).toBe(2);
  });

  it('rejects with the reason when everything must be saved now and there is no connection', async () => {
    const mine = tab();
    await office.stop();
    mine.draw('a');
    await expect(mine.saver.flush()).rejects.toThrow();
    mine.saver.stop();
    await office.start();
  });
});

describe('two tabs with one design', () => {
  async function conflict() {
    const one = tab();
    one.draw('a');
    await one.until('saved');
    const two = tab({ id: 'ontwerp-1', etag: '"1"' });
    one.draw('b');
    await one.until('saved', 2);
    two.store.dispatch({ type: 'text', title: 'Van twee', story: '' });
    two.draw('x');
    await two.until('conflict');
    return two;
  }

  it('shows the other version and saves nothing until somebody chooses', async () => {
    const two = await conflict();
    expect(two.saver.report.theirs!.changes.features).toHaveLength(2);
    two.draw('y');
    await new Promise((done) => setTimeout(done, 40));
    expect(office.designs.get('ontwerp-1')!.revision).toBe(2);
  });

  it('keeps mine', async () => {
    const two = await conflict();
    two.saver.keepMine();
    await two.until('saved');
    expect(office.titleOf('ontwerp-1')).toBe('Van twee');
    expect(office.designs.get('ontwerp-1')!.revision).toBe(3);
  });

  it('takes theirs and builds on it', async () => {
    const two = await conflict();
    two.store.dispatch({ type: 'load', content: { title: 'Mijn ontwerp', story: '', changes: [tree('a'), tree('b')] } });
    two.saver.takeTheirs(two.store.state.revision);
    two.draw('c');
    await two.until('saved', 2);
    expect(office.treesIn('ontwerp-1')).toBe(3);
  });

  it('saves mine as a new design and leaves the other alone', async () => {
    const two = await conflict();
    two.saver.saveAsNew(crypto.randomUUID());
    await two.until('saved');
    expect(office.designs.size).toBe(2);
    expect(office.titleOf('ontwerp-1')).toBe('Mijn ontwerp');
    expect(office.titleOf('ontwerp-2')).toBe('Van twee');
  });
});
