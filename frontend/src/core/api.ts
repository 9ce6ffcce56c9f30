/** Talks to the server's JSON interface; starts a guest session only when something is to be written. */
export interface Problem {
  pointer: string;
  message: string;
}

export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    readonly detail: string,
    readonly problems: Problem[] = [],
    readonly retryAfter = 0,
  ) {
    super(detail || title);
  }
}

/** The request never got an answer: no network, or the server is away. */
export class Offline extends Error {}

export interface Answer<T> {
  status: number;
  data: T;
  etag: string | null;
}

interface Options {
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

export class Api {
  private csrf: string | null;
  private starting: Promise<void> | null = null;

  constructor(
    readonly base: string,
    readonly language: string,
    csrf: string | null = null,
    private readonly send: typeof fetch = (input, init) => fetch(input, init),
  ) {
    this.csrf = csrf;
  }

  get<T>(path: string, signal?: AbortSignal): Promise<Answer<T>> {
    return this.once<T>('GET', path, signal ? { signal } : {});
  }

  /** Asks with a body and stores nothing: visitors may, without a session and so without a cookie. */
  async ask<T>(path: string, body: unknown, signal: AbortSignal): Promise<Answer<T>> {
    try {
      return await this.once<T>('POST', path, { body, signal });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 403) throw error;
      return this.write<T>('POST', path, { body, signal });
    }
  }

  /** Writes; an expired or absent session is replaced once before giving up. */
  async write<T>(method: string, path: string, options: Options = {}): Promise<Answer<T>> {
    if (this.csrf === null) await this.startSession();
    try {
      return await this.once<T>(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError) || !isSessionGone(error)) throw error;
      await this.startSession();
      return this.once<T>(method, path, options);
    }
  }

  /** Writes that begin together share one session: two would be two different guests. */
  private startSession(): Promise<void> {
    this.starting ??= this.once<{ csrf_token: string }>('POST', '/session', { body: {} })
      .then(({ data }) => {
        this.csrf = data.csrf_token;
      })
      .finally(() => (this.starting = null));
    return this.starting;
  }

  private async once<T>(method: string, path: string, { body, headers, signal }: Options): Promise<Answer<T>> {
    let response: Response;
    try {
      response = await this.send(this.base + path, {
        method,
        credentials: 'same-origin',
        headers: {
          Accept: 'application/json, application/problem+json',
          'Accept-Language': this.language,
          ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
          ...(this.csrf && method !== 'GET' ? { 'X-CSRF-Token': this.csrf } : {}),
          ...headers,
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (error) {
      if (error instanceof DOMException && error.name === 'AbortError') throw error;
      throw new Offline(String(error));
    }
    if (!response.ok) throw await asError(response);
    return { status: response.status, data: (await bodyOf(response)) as T, etag: response.headers.get('ETag') };
  }
}

/** A connection can die while the answer comes in: whether the server did what was asked is then as unknown as without any answer. */
async function bodyOf(response: Response): Promise<unknown> {
  if (response.status === 204) return null;
  try {
    return await response.json();
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Offline(String(error));
  }
}

function isSessionGone(error: ApiError): boolean {
  return error.status === 401 || (error.status === 403 && /csrf/i.test(error.title + error.detail));
}

async function asError(response: Response): Promise<ApiError> {
  const problem = (await response.json().catch(() => ({}))) as {
    title?: string;
    detail?: string;
    errors?: Problem[];
    type?: string;
  };
  return new ApiError(
    response.status,
    `${problem.title ?? response.statusText}`,
    problem.detail ?? '',
    problem.errors ?? [],
    Number(response.headers.get('Retry-After')) || 0,
  );
}
