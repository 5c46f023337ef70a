import { html, raw } from 'hono/html';

/** The part of an OpenAPI document that the page shows. */
export interface OpenApiDocument {
  readonly info: { readonly title: string; readonly description?: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, unknown>> };
}

interface Operation {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly parameters?: readonly {
    name: string;
    in: string;
    required?: boolean;
    description?: string;
    schema?: unknown;
  }[];
  readonly requestBody?: Content;
  readonly responses?: Readonly<Record<string, Content>>;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema?: unknown }>>;
}

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1f2328}
code,pre{font:13px/1.5 ui-monospace,monospace}pre{background:#f6f8fa;padding:1rem;overflow:auto;border-radius:6px}
summary{cursor:pointer;padding:.25rem 0}summary b{display:inline-block;width:4.5rem}table{border-collapse:collapse}
td,th{text-align:left;padding:.2rem 1rem .2rem 0;vertical-align:top}details details{margin-left:1rem}
@media(prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}pre{background:#161b22}}`;

/** A page of the document for people. It needs no script and loads nothing, so it also works without a network. */
export function pageOf({ info, paths, components }: OpenApiDocument) {
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? ''))];
  return html`<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${info.title}: API</title>
<style>${raw(STYLE)}</style>
<h1>${info.title}: API</h1>
<p>${info.description ?? ''}</p>
<p>The same as OpenAPI: <a href="openapi.json">openapi.json</a></p>
${tags.map((tag) => html`<h2>${tag}</h2>${operations.filter(({ operation }) => operation.tags?.[0] === tag).map(operationOf)}`)}
<h2>Schemas</h2>
${Object.entries(components?.schemas ?? {}).map(([name, schema]) => html`<details id="${name}"><summary>${name}</summary>${json(schema)}</details>`)}
</html>`;
}

function operationOf({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const { summary, parameters = [], requestBody, responses = {} } = operation;
  return html`<details><summary><b>${method}</b> <code>${path}</code> ${summary ?? ''}</summary>
${parameters.length === 0 ? '' : html`<table>${parameters.map((one) => html`<tr><td><code>${one.name}</code><td>${one.in}<td>${one.description ?? ''}<td><code>${JSON.stringify(one.schema)}</code></tr>`)}</table>`}
${contentOf('Body', requestBody)}
${Object.entries(responses).map(([status, answer]) => contentOf(`Answer ${status}`, answer))}
</details>`;
}

function contentOf(title: string, given: Content | undefined) {
  const schema = given?.content?.['application/json']?.schema;
  return schema === undefined ? '' : html`<details><summary>${title}</summary>${json(schema)}</details>`;
}

function json(schema: unknown) {
  return html`<pre>${JSON.stringify(schema, null, 2)}</pre>`;
}
