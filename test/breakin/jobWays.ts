/** A way out that a job tries, or a page that leads the whole tab elsewhere. */
export interface JobWay {
  readonly name: string;
  /** Where what must hear nothing listens, is put in by the port; the rest of the job stands as it is. */
  job(port: number): object;
  /** Whether the recording must end as private_url; otherwise it only must not reach anything. */
  readonly isRefused: boolean;
}

const LIMITS = { max_duration_s: 3, load_timeout_s: 10, ready_timeout_s: 5 };
const EVIL = 'http://evil.test';

const page = (external_app_url: string) => ({
  call: { id: 'breakin' },
  source: { kind: 'app' },
  recording: { quality: '360p', layout: { name: 'grid', external_app_url } },
  limits: LIMITS,
});
const demo = (more: object) => ({
  call: { id: 'breakin' },
  source: { kind: 'demo' },
  limits: { max_duration_s: 1 },
  ...more,
});
const layout = (given: object) =>
  demo({ recording: { quality: '360p', layout: { name: 'grid', ...given } } });
const bucket = (endpoint: string) =>
  demo({
    storage: {
      kind: 's3',
      bucket: 'b',
      endpoint,
      access_key_id: 'a',
      secret_access_key: 'b',
      force_path_style: true,
    },
  });
const inside = (port: number, host = '10.0.0.1') => `http://${host}:${port}/`;
const redirect = (status: number, to: string, times = 1) =>
  `${EVIL}/redirect?${new URLSearchParams({ to, status: String(status), times: String(times) })}`;
const text = (code: string) => `${EVIL}/document?${new URLSearchParams({ text: code })}`;

const refused = (name: string, job: JobWay['job']): JobWay => ({ name, job, isRefused: true });
const unheard = (name: string, job: JobWay['job']): JobWay => ({ name, job, isRefused: false });

export const JOB_WAYS: readonly JobWay[] = [
  ...[301, 302, 303, 307, 308].map((status) =>
    refused(`document redirected with ${status}`, (port) => page(redirect(status, inside(port)))),
  ),
  refused('document redirected four times', (port) => page(redirect(302, inside(port, '[fd00::1]'), 4))),
  refused('document redirected to the metadata server', (port) =>
    page(redirect(302, inside(port, '169.254.169.254'))),
  ),
  refused('document redirected to https inside', (port) =>
    page(redirect(302, inside(port).replace('http:', 'https:'))),
  ),
  refused('document with meta refresh', (port) => page(`${EVIL}/meta?to=${inside(port)}`)),
  refused('document with a Refresh header', (port) =>
    page(`${EVIL}/header?name=refresh&value=${encodeURIComponent(`0;url=${inside(port)}`)}`),
  ),
  refused('location= while the document loads', (port) => page(text(`location="${inside(port)}"`))),
  refused('location= during the recording', (port) =>
    page(text(`setTimeout(()=>{location="${inside(port, '127.0.0.1')}"},1500)`)),
  ),
  refused('form that leads the tab elsewhere', (port) =>
    page(
      text(
        `setTimeout(()=>{document.body.innerHTML='<form method=post action="${inside(port)}">';document.forms[0].submit()},1500)`,
      ),
    ),
  ),
  refused('frame that leads the tab elsewhere', (port) =>
    page(
      text(
        `document.body.innerHTML='<iframe sandbox="allow-scripts allow-top-navigation" srcdoc="<script>top.location=&quot;${inside(port)}&quot;</'+'script>">'`,
      ),
    ),
  ),
  refused('document whose name leads inside after the check', (port) =>
    page(`http://rebind-once-document.evil.test:${port}/`),
  ),
  refused('document at a name inside', (port) => page(inside(port, 'inside.evil.test'))),
  refused('document at a name in the file of hosts', (port) => page(inside(port, 'hosts-file-name'))),
  refused('stylesheet inside', (port) => layout({ external_css_url: inside(port) })),
  unheard('stylesheet redirected', (port) => layout({ external_css_url: redirect(302, inside(port)) })),
  unheard('stylesheet that imports another', (port) =>
    layout({
      external_css_url: `${EVIL}/css?${new URLSearchParams({ text: `@import "${inside(port)}";body{background:url("${inside(port)}b")}` })}`,
    }),
  ),
  refused('logo inside', (port) => layout({ options: { 'logo.image_url': inside(port) } })),
  unheard('logo redirected', (port) =>
    layout({ options: { 'logo.image_url': redirect(307, inside(port)) } }),
  ),
  refused('background image inside', (port) =>
    layout({ options: { 'layout.background_image': `url("${inside(port)}")` } }),
  ),
  refused('image of a custom action inside', (port) =>
    layout({
      options: {
        custom_actions: [
          { action_type: 'options_override', options: { 'logo.image_url': inside(port) }, condition: {} },
        ],
      },
    }),
  ),
  refused('call server inside', (port) => ({
    call: { id: 'breakin' },
    source: { kind: 'livekit', url: `ws://10.0.0.1:${port}`, token: 'a.b.c' },
  })),
  refused('call server at a name inside', (port) => ({
    call: { id: 'breakin' },
    source: { kind: 'livekit', url: `wss://inside.evil.test:${port}`, token: 'a.b.c' },
  })),
  unheard('call server whose name leads inside after the check', (port) => ({
    call: { id: 'breakin' },
    source: { kind: 'livekit', url: `ws://rebind-once-call.evil.test:${port}`, token: 'a.b.c' },
    limits: LIMITS,
  })),
  refused('storage inside', (port) => bucket(inside(port))),
  refused('storage at a name inside', (port) => bucket(inside(port, 'inside.evil.test'))),
  unheard('storage whose name leads inside after the check', (port) =>
    bucket(`http://rebind-once-storage.evil.test:${port}`),
  ),
  unheard('webhook inside', (port) => demo({ webhook: { url: inside(port) } })),
  unheard('webhook inside by https', (port) => demo({ webhook: { url: `https://[fd00::1]:${port}/` } })),
  unheard('webhook at a name inside', (port) => demo({ webhook: { url: inside(port, 'inside.evil.test') } })),
  unheard('webhook whose name changes', (port) =>
    demo({ webhook: { url: `http://rebind-webhook.evil.test:${port}/` } }),
  ),
  unheard('webhook redirected with 302', (port) => demo({ webhook: { url: redirect(302, inside(port)) } })),
  unheard('webhook redirected with 307', (port) => demo({ webhook: { url: redirect(307, inside(port)) } })),
];

/** Those that find most of the faults, for the tests. */
export const QUICK_JOBS = JOB_WAYS.filter(({ name }) =>
  [
    'document redirected with 302',
    'location= during the recording',
    'document whose name leads inside after the check',
    'stylesheet that imports another',
    'webhook at a name inside',
  ].includes(name),
);
